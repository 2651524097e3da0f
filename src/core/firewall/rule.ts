/** What the rules of the table are made of. */
import { type Fan, fanSliceOf, portOf } from '../fan.js'
import { formatPrefix } from '../ipv4.js'
import type { DropReason } from './drops.js'

/** The chains by name, in the order of the table. */
export const chains = {
  prerouting: 'type filter hook prerouting priority raw; policy accept;',
  // After connection tracking, for what stays here and for what is sent on.
  tracked: 'type filter hook prerouting priority mangle; policy accept;',
  output: 'type filter hook output priority raw; policy accept;',
  forward: 'type filter hook forward priority filter; policy accept;',
  postrouting: 'type nat hook postrouting priority srcnat; policy accept;',
  // Where sources are those that the wire will see.
  'after-nat': 'type filter hook postrouting priority srcnat + 10; policy accept;',
} as const
export type Chain = keyof typeof chains

export interface Rule {
  readonly chain: Chain
  readonly text: string
  /** Why it drops. Undefined: it does something else. */
  readonly reason?: DropReason
  /** A set that it keeps: how it begins, by its name. */
  readonly set?: { readonly name: string; readonly words: string }
}

export function dropRule(chain: Chain, reason: DropReason, match: string): Rule {
  return { chain, reason, text: `${match} counter drop` }
}

/** The packets that carry those of a fan. */
export function outerMatch(fan: Fan): string {
  return fan.encapsulation === 'vxlan' ? `udp dport ${portOf(fan)}` : 'ip protocol ipip'
}

/** The slices of all fans, as elements. */
export function slicesOf(fans: readonly Fan[]): string {
  return fans.map((fan) => formatPrefix(fanSliceOf(fan))).join(', ')
}

/** Names of links, or of kinds of links, as a set. */
export function linksIn(names: readonly string[]): string {
  return `{ ${names.map((name) => `"${name}"`).join(', ')} }`
}
