/** The stages that a packet passes on this host: into the tunnel, and out to the underlay. */
import { type Fan, fanSliceOf, isRouted, tunnelOf, typeOf } from '../../core/fan.js'
import { gatewayOf } from '../../core/fan-map.js'
import { formatAddress, type Ipv4 } from '../../core/ipv4.js'
import { shellWord } from '../../core/shell-word.js'
import { portsOf } from '../fan/ports.js'
import type { FoundNeighbours, FoundPath } from '../ports/lookups.js'
import type { Observation } from '../ports/machine.js'
import type { OverlayPlace } from './place.js'
import { failed, ok, type Stage, warning } from './stages.js'

/** What goes on the wire, in the words of firewalls. */
export function wireOf(fan: Fan): string {
  return typeOf(fan).wire?.words(fan) ?? 'packets of containers'
}

export interface OverlayWay {
  /** The route to the address itself. */
  readonly path: FoundPath | string
  /** Bytes that containers may send. */
  readonly mtu: number
  readonly neighbours: FoundNeighbours
}

/** How a packet from this host enters the tunnel. */
export function overlayStage(place: OverlayPlace, { path, mtu, neighbours }: OverlayWay, found: Observation): Stage {
  const { address, fan } = place
  const text = formatAddress(address)
  const tunnel = tunnelOf(fan)
  const expected = isRouted(fan) ? tunnel : fan.bridge
  if (typeof path === 'string')
    return failed('overlay', `this host has ${path} for ${text}`, [
      `expected: a route to ${expected ?? formatAddress(place.owner)}; see: ip route get ${text}`,
    ])
  if (expected !== undefined && path.link !== expected)
    return failed('overlay', `this host sends ${text} to ${path.link}, not to ${expected}`, [
      `another program has a more specific route or a rule for it; see: ip route get ${text}, ip rule`,
    ])
  const thief = thiefOf(place, neighbours, found)
  if (thief)
    return failed('overlay', `a container of this host, on port ${thief} of ${fan.bridge}, uses ${text} itself`, [
      `only ${formatAddress(place.owner)} may give out that address: remove it from that container`,
    ])
  const end = tunnel === undefined ? path.link : typeOf(fan).tunnel?.words(tunnel, fan)
  const into = isRouted(fan) ? end : `${fan.bridge}, ${end}`
  const source = formatAddress(gatewayOf(fanSliceOf(fan)))
  return ok('overlay', `leaves by ${into}, MTU ${mtu}, as ${wireOf(fan)}, from ${source}; steering: ${fan.steering}`)
}

/** The port of the fan's bridge behind which someone answers for an address of another host. */
function thiefOf({ address, fan }: OverlayPlace, { addresses, stations }: FoundNeighbours, found: Observation) {
  const macs = addresses.filter((one) => one.address === address && one.link === fan.bridge && one.state !== 'silent')
  const ports = new Set(portsOf(fan, found))
  return stations.find(({ mac, port }) => ports.has(port) && macs.some((one) => one.mac === mac))?.port
}

export interface UnderlayWay {
  readonly to: Ipv4
  /** This host's address, and what its fan puts on the wire. Undefined for an address of no fan. */
  readonly fan: Fan | undefined
  /** The route from the fan's own address. */
  readonly path: FoundPath | string
  /** The route when the kernel chooses the source. */
  readonly natural: FoundPath | string
  /** Bytes of the largest packet, outer headers and all; 0: does not matter. */
  readonly bytes: number
  readonly neighbours: FoundNeighbours
  /** Whether the host was probed; otherwise what is known of neighbours is old. */
  readonly isAsked: boolean
}

/** How a packet for a host leaves this one. */
export function underlayStage(way: UnderlayWay, found: Observation): Stage {
  const { to, fan, path } = way
  const text = formatAddress(to)
  if (typeof path === 'string')
    return failed('underlay', `this host has ${path} for ${text}`, [
      `see: ip route get ${text}; check that the underlay link is up and has its address`,
    ])
  const link = found.links.find(({ name }) => name === path.link)
  if (path.kind === 'local') return localStage(text, fan, to, found)
  if (link?.ours)
    return failed('underlay', `${text} is sent to ${path.link}, a link of a fan`, [
      `hosts cannot be reached through a fan; see: ip route get ${text}`,
    ])
  const mtu = path.mtu ?? 0
  const from = path.source
  const next = path.via === undefined ? 'directly' : `via ${formatAddress(path.via)}`
  const leaves = `${text} is reached through ${path.link}, ${next}${from === undefined ? '' : `, from ${formatAddress(from)}`}, MTU ${mtu}`
  if (link && !link.up)
    return failed('underlay', `${leaves}; but ${path.link} is down`, [`ip link set dev ${shellWord(path.link)} up`])
  if (link && !link.carrier)
    return failed('underlay', `${leaves}; but ${path.link} has no carrier`, [
      'its cable, its switch port or the other end of its veth pair is down',
    ])
  const hop = path.via ?? to
  if (way.neighbours.addresses.some((one) => one.address === hop && one.link === path.link && one.state === 'silent')) {
    const who = hop === to ? 'it' : `the next hop ${formatAddress(hop)}`
    const hints = [
      `${hop === to ? 'the host' : 'the next hop'} is down, has another address, or is cut off: its cable, switch port or VLAN`,
    ]
    return way.isAsked
      ? failed('underlay', `${leaves}; but ${who} does not answer ARP`, hints)
      : warning('underlay', `${leaves}; but ${who} did not answer the last ARP request`, hints)
  }
  const doubts = doubtsOf(way, mtu)
  return doubts.length > 0 ? warning('underlay', leaves, doubts) : ok('underlay', leaves)
}

function localStage(text: string, fan: Fan | undefined, to: Ipv4, found: Observation): Stage {
  const on = found.addresses.find(({ prefix }) => prefix.address === to)?.link ?? 'lo'
  if (!fan || fan.host === to) return ok('underlay', `${text} is an address of this host, on ${on}`)
  return failed('underlay', `${text} is also an address of this host, on ${on}`, [
    `the fan on ${fan.bridge} was made with ${formatAddress(fan.host)}; no packet leaves for ${text} while this host has it`,
  ])
}

/** What does not stop a packet here, and may elsewhere. */
function doubtsOf({ fan, natural, bytes }: UnderlayWay, mtu: number): string[] {
  const doubts: string[] = []
  if (fan && typeof natural !== 'string' && natural.source !== undefined && natural.source !== fan.host)
    doubts.push(
      `this host's default source for it is ${formatAddress(natural.source)}, but the fan sends from ${formatAddress(fan.host)}: replies must find their way back, and a network that checks sources may drop the packets`,
    )
  if (fan && bytes > mtu)
    doubts.push(
      `the fan's packets have up to ${bytes} bytes; the MTU of this route is ${mtu}: set --mtu ${mtu - typeOf(fan).overhead} on every host`,
    )
  return doubts
}
