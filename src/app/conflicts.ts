/** What on a host stands in the way of a fan. All of it is looked at before anything is touched. */
import { FanError } from '../core/errors.js'
import { type Fan, hostTextOf, portOf, sharesTunnel, tunnelOf, vniOf } from '../core/fan.js'
import { formatAddress, formatPrefix, overlaps, samePrefix } from '../core/ipv4.js'
import type { Found } from './host.js'

/**
 * Checks a fan against the other fans of the host and against everything that other programs made.
 * Throws BRIDGE_TAKEN, OVERLAY_TAKEN, VNI_TAKEN, FAN_MAP_TAKEN, LINK_CONFLICT or OVERLAY_ROUTED.
 */
export function checkConflicts(fan: Fan, fans: readonly Fan[], found: Found): void {
  for (const other of fans) checkOther(fan, other)
  checkNames([fan.bridge, tunnelOf(fan)], found)
  checkRoutes(fan, found)
}

/** Throws LINK_CONFLICT if a link of somebody else has one of the names. */
export function checkNames(names: readonly string[], found: Found): void {
  for (const name of names) {
    const link = found.links.find((one) => one.name === name && !one.ours)
    if (link) throw new FanError('LINK_CONFLICT', { name, kind: link.kind ?? 'hardware' })
  }
}

function checkOther(fan: Fan, other: Fan): void {
  const text = `${formatPrefix(other.overlay)} over ${hostTextOf(other)}`
  if (other.bridge === fan.bridge) {
    if (samePrefix(other.overlay, fan.overlay) && samePrefix(other.underlay, fan.underlay)) return
    throw new FanError('BRIDGE_TAKEN', { bridge: fan.bridge, fan: text })
  }
  if (overlaps(other.overlay, fan.overlay))
    throw new FanError('OVERLAY_TAKEN', { overlay: formatPrefix(fan.overlay), bridge: other.bridge, other: text })
  const bothVxlan = fan.encapsulation === 'vxlan' && other.encapsulation === 'vxlan'
  if (bothVxlan && vniOf(fan) === vniOf(other) && portOf(fan) === portOf(other))
    throw new FanError('VNI_TAKEN', { vni: vniOf(fan), port: portOf(fan), bridge: other.bridge })
  const bothIpip = fan.encapsulation === 'ipip' && other.encapsulation === 'ipip'
  if (bothIpip && fan.host === other.host && !(sharesTunnel(fan) && sharesTunnel(other)))
    throw new FanError('FAN_MAP_TAKEN', { host: formatAddress(fan.host), bridge: other.bridge })
}

/** What covers half of all addresses or more is a default route in one piece or two, and no conflict. */
const shortestRoute = 2

/** Routes over our own links are no conflict either. */
function checkRoutes(fan: Fan, found: Found): void {
  const ours = new Set(found.links.filter((link) => link.ours).map((link) => link.name))
  const rival = found.routes.find(
    (route) => route.prefix.length >= shortestRoute && !ours.has(route.link) && overlaps(route.prefix, fan.overlay),
  )
  if (rival)
    throw new FanError('OVERLAY_ROUTED', {
      overlay: formatPrefix(fan.overlay),
      route: formatPrefix(rival.prefix),
      device: rival.link || 'nowhere',
    })
}
