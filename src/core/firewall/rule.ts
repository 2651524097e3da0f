/** What the rules of the table are made of. */
import { type HostMap, sliceOf } from '../fan-map.js'
import { formatPrefix, netmaskOf, type Prefix } from '../ipv4.js'
import type { DropReason } from './drops.js'

/** The chains that the kernel asks, in the order of the table. Others are asked by their rules. */
export const baseChains: Readonly<Record<string, string>> = {
  prerouting: 'type filter hook prerouting priority raw; policy accept;',
  // What stays here, and whole: fragments are put together before.
  arrival: 'type filter hook input priority filter; policy accept;',
  output: 'type filter hook output priority raw; policy accept;',
  forward: 'type filter hook forward priority filter; policy accept;',
  // Those of NAT are asked about the first packet of a connection only.
  input: 'type nat hook input priority 100; policy accept;',
  postrouting: 'type nat hook postrouting priority srcnat; policy accept;',
  // Where sources are those that the wire will see.
  'after-nat': 'type filter hook postrouting priority srcnat + 10; policy accept;',
}

export interface Rule {
  readonly chain: string
  readonly text: string
  /** Why it drops. Undefined: it does something else. */
  readonly reason?: DropReason
  /** A set that it keeps. */
  readonly set?: { readonly name: string; readonly words: string }
}

export function rule(chain: string, text: string): Rule {
  return { chain, text }
}

export function dropRule(chain: string, reason: DropReason, match: string): Rule {
  return { chain, reason, text: `${match} counter drop`.trimStart() }
}

/** The chain about what comes from a fan's bridge. */
export function fromBridge({ bridge }: { readonly bridge: string }): string {
  return `from-${bridge}`
}

/** What rules depend on besides the fans. */
export interface RuleFacts {
  /** The link with an address of the underlay, by that address. Left out: it is not known, or its name is not one for nft. */
  readonly cards: Readonly<Record<number, string>>
}

/** The way that packets of a fan come in by, as nft matches it, and all other ways. */
export interface Entrance {
  readonly through: string
  readonly past: string
}

export function throughLink(name: string): Entrance {
  return { through: `iifname "${name}"`, past: `iifname != "${name}"` }
}

/** The slices of all fans, as elements. */
export function slicesOf(fans: readonly HostMap[]): string {
  return fans.map((fan) => formatPrefix(sliceOf(fan, fan.host))).join(', ')
}

/** The kinds of links that containers and virtual machines are behind, on this host. */
export const containerKinds = ['bridge', 'veth', 'tun'] as const

/**
 * From a link that programs have made, of whichever kind: a VLAN or macvlan of a bridge, a tunnel, netkit. A card has no
 * kind, so that no comparison with one holds, and several can be one.
 */
export const notFromCard = 'meta iifkind != { "bond", "team" }'

/** An address in the header of a packet inside a packet, so many bits from the outer transport header, and its network. */
export function insideMatch(bits: number, prefix: Prefix): string {
  return `@th,${bits},32 & ${hex(netmaskOf(prefix.length))} == ${hex(prefix.address)}`
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`
}

/** Names of links, or of kinds of links, as a set. */
export function linksIn(names: readonly string[]): string {
  return `{ ${names.map((name) => `"${name}"`).join(', ')} }`
}
