/** The first stages: what the address is, and whether this host's part of its fan is in order. */
import { type Fan, fanPoolOf, fanSliceOf, hostTextOf } from '../../core/fan.js'
import { gatewayOf, poolOf, sliceOf } from '../../core/fan-map.js'
import { type Drops, dropNames, dropReasons } from '../../core/firewall/drops.js'
import { formatAddress, formatPrefix } from '../../core/ipv4.js'
import type { ShownFan } from '../fan/show.js'
import type { Observation } from '../ports/machine.js'
import type { OutsidePlace, OverlayPlace, UnderlayPlace } from './place.js'
import { failed, ok, type Stage } from './stages.js'

/** More lines than this are for `show --wide`. */
const mostLines = 8

/** An address of an overlay: who owns it, and what it is within that slice. */
export function overlayAddressStage(place: OverlayPlace): Stage {
  const { address, fan, owner, isHere, slice, gateway, unusable } = place
  const text = formatAddress(address)
  const where = `${formatPrefix(fan.overlay)} over ${formatPrefix(fan.underlay)} on ${fan.bridge}`
  const owned = `${text} belongs to ${isHere ? 'this host, ' : ''}${formatAddress(owner)}: fan ${where}, slice ${formatPrefix(slice)}, gateway ${formatAddress(gateway)}`
  if (unusable)
    return failed(
      'address',
      `${owned}; but no host can have that address: it is the ${unusable} address of the underlay`,
      [
        'packets for it are dropped here and counted as Off-map; find out where the address comes from: it is mistyped or out of date',
      ],
    )
  switch (place.role) {
    case 'network':
    case 'broadcast':
      return failed('address', `${owned}; no container can have it: it is the ${place.role} address of that slice`, [
        `trace its gateway instead: fanctl trace ${formatAddress(gateway)}`,
      ])
    case 'gateway':
      return ok('address', `${owned} (this address)`)
    case 'reserved':
      return ok('address', `${owned}; outside the DHCP range, so set by hand if it is used`)
    case 'container':
      return ok('address', isHere && fan.dhcp ? `${owned}, DHCP from ${poolText(fan)}` : owned)
    default:
      return place.role satisfies never
  }
}

function poolText(fan: Fan): string {
  const { first, last } = fanPoolOf(fan)
  return `${formatAddress(first)} to ${formatAddress(last)}`
}

/** An address of an underlay: what it owns in each fan over it. */
export function underlayAddressStage({ address, fans, isHere, unusable }: UnderlayPlace): Stage {
  const text = `${formatAddress(address)} is ${isHere ? "this host's own address" : 'a host'}`
  if (unusable)
    return failed(
      'address',
      `no host can have ${formatAddress(address)}: it is the ${unusable} address of the underlay ${formatPrefix(fans[0].underlay)}`,
    )
  const slices = fans.map((fan) => {
    const slice = sliceOf(fan, address)
    const { first, last } = poolOf(slice)
    return `slice ${formatPrefix(slice)} of ${formatPrefix(fan.overlay)} on ${fan.bridge}, gateway ${formatAddress(gatewayOf(slice))}, containers ${formatAddress(first)} to ${formatAddress(last)}`
  })
  return ok('address', `${text} in the underlay ${formatPrefix(fans[0].underlay)}: ${slices.join('; ')}`)
}

/** An address of no fan: which fans there are instead. */
export function outsideAddressStage({ address }: OutsidePlace, fans: readonly Fan[], found: Observation): Stage {
  const text = formatAddress(address)
  const own = found.addresses.find(({ prefix }) => prefix.address === address)
  const what = own ? `${text}, this host's address on ${own.link},` : text
  const known = fans.map((fan) => `${formatPrefix(fan.overlay)} over ${hostTextOf(fan)} on ${fan.bridge}`)
  if (known.length === 0)
    return failed('address', `${what} is not in a fan: this host has none`, [
      'bring one up with "fanctl up", or run this on a host that has one; for the arithmetic alone: fanctl map OVERLAY UNDERLAY ADDRESS',
    ])
  return failed('address', `${what} is not in a fan of this host`, [
    `its fans: ${known.join(', ')}`,
    `its slices: ${fans.map((fan) => formatPrefix(fanSliceOf(fan))).join(', ')}`,
  ])
}

/** Whether the fan on this host is as it should be. */
export function fanStage({ fan, drift, drops }: ShownFan, privileged: boolean): Stage {
  if (drift.length === 0)
    return ok(
      'fan',
      `${fan.bridge} is in order${privileged ? droppedText(drops) : ', as far as can be seen without root'}`,
    )
  const lines = drift.length > mostLines ? [...drift.slice(0, mostLines), '… (fanctl show --wide)'] : drift
  return failed('fan', `${fan.bridge} has drifted; to repair it, run "fanctl up" again, or:`, lines)
}

/** What the firewall drops shows what is attacked or misconfigured. */
function droppedText(drops: Drops | undefined): string {
  const some = dropReasons.filter((reason) => drops && drops[reason] > 0)
  if (!drops || some.length === 0) return ''
  return `; its firewall has dropped ${some.map((reason) => `${drops[reason]} packets as ${dropNames[reason]}`).join(', ')}`
}
