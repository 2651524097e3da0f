/** What on a host stands in the way of a fan. All of it is looked at before anything is touched. */
import { linkGroup } from '../../core/creation.js'
import { FanError } from '../../core/errors.js'
import { type Fan, hostTextOf, linksOf, typeOf } from '../../core/fan.js'
import { formatPrefix, overlaps, samePrefix } from '../../core/ipv4.js'
import type { Observation } from '../ports/machine.js'
import { isDisowned } from './marks.js'

/**
 * Checks a fan against the other fans of the host and against everything that other programs made.
 * Throws BRIDGE_TAKEN, OVERLAY_TAKEN, VNI_TAKEN, FAN_MAP_TAKEN, OVERLAY_ROUTED or what `checkNames` throws.
 */
export function checkConflicts(fan: Fan, fans: readonly Fan[], found: Observation): void {
  for (const other of fans) checkBeside(fan, other)
  checkNames(linksOf(fan), found, [fan])
  checkRoutes(fan, found)
}

/**
 * Throws LINK_CONFLICT, LINK_REPLACED or ALTNAME_CONFLICT if a link of somebody else has one of the names, LINK_DISOWNED if
 * it once was one of these fans'.
 */
export function checkNames(names: readonly string[], found: Observation, fans: readonly Fan[]): void {
  for (const name of names) {
    const other = found.links.find((one) => one.name !== name && one.altnames.includes(name))
    if (other) throw new FanError('ALTNAME_CONFLICT', { name, link: other.name })
    const link = found.links.find((one) => one.name === name && !one.ours)
    if (!link) continue
    if (fans.some((fan) => isDisowned(link, fan))) throw new FanError('LINK_DISOWNED', { name, group: linkGroup })
    const stray = found.links.find(({ strayOf }) => strayOf === name)?.name
    const kind = link.kind ?? 'hardware'
    if (stray !== undefined) throw new FanError('LINK_REPLACED', { name, kind, stray })
    throw new FanError('LINK_CONFLICT', { name, kind })
  }
}

/** Throws BRIDGE_TAKEN, OVERLAY_TAKEN, VNI_TAKEN or FAN_MAP_TAKEN where one host cannot have both. */
export function checkBeside(fan: Fan, other: Fan): void {
  const text = `${formatPrefix(other.overlay)} over ${hostTextOf(other)}`
  if (other.bridge === fan.bridge) {
    if (samePrefix(other.overlay, fan.overlay) && samePrefix(other.underlay, fan.underlay)) return
    throw new FanError('BRIDGE_TAKEN', { bridge: fan.bridge, fan: text })
  }
  if (overlaps(other.overlay, fan.overlay))
    throw new FanError('OVERLAY_TAKEN', { overlay: formatPrefix(fan.overlay), bridge: other.bridge, other: text })
  const clash = typeOf(fan) === typeOf(other) ? typeOf(fan).clash(fan, other) : undefined
  if (clash) throw clash
}

/** What covers half of all addresses or more is a default route in one piece or two, and no conflict. */
const shortestRoute = 2

/** Routes over our own links are no conflict either. */
function checkRoutes(fan: Fan, found: Observation): void {
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
