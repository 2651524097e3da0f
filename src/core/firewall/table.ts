/** fanctl's nftables table, `inet fanctl`. */
import { sha256Of } from '../digest.js'
import { type Fan, fanSliceOf } from '../fan.js'
import { formatPrefix } from '../ipv4.js'
import type { Firewall } from '../state.js'
import { connections, neighbours } from './bounds.js'
import { fromOwnSlice, notFromElsewhere, overlayOnly } from './dhcp-rules.js'
import type { DropReason, Drops } from './drops.js'
import { sizesFromUnderlay, sizesToUnderlay } from './error-rules.js'
import { baseChains, type Rule, type RuleFacts, rule } from './rule.js'
import {
  bridgeFirst,
  fromContainers,
  outOfUncheckedTunnel,
  ownSlice,
  sentOn,
  stamped,
  throughTheTunnel,
  trustHere,
} from './source-rules.js'
import {
  byTheCard,
  fromElsewhere,
  fromHosts,
  noneFromHere,
  onlyTunnelsSend,
  untracked,
  whereSendersAre,
} from './tunnel-rules.js'

export const tableName = 'fanctl'

/** All rules there are, in the order in which a chain asks them: what most packets are comes first. */
const kinds: readonly ((fan: Fan, all: readonly Fan[], facts: RuleFacts) => Rule[])[] = [
  bridgeFirst,
  byTheCard,
  fromOwnSlice,
  stamped,
  noneFromHere,
  trustHere,
  whereSendersAre,
  untracked,
  ownSlice,
  throughTheTunnel,
  outOfUncheckedTunnel,
  notFromElsewhere,
  fromHosts,
  fromElsewhere,
  sizesFromUnderlay,
  overlayOnly,
  neighbours,
  fromContainers,
  sentOn,
  connections,
  masquerade,
  onlyTunnelsSend,
  sizesToUnderlay,
]

/**
 * What leaves the slice for outside the overlay takes this host's address. The bridge is named too: with br_netfilter
 * a bridged multicast packet passes here, its destination outside the overlay, and must stay as it is.
 */
function masquerade(fan: Fan): Rule[] {
  if (!fan.nat) return []
  const match = `ip saddr ${formatPrefix(fanSliceOf(fan))} ip daddr != ${formatPrefix(fan.overlay)}`
  return [rule('postrouting', `${match} oifname != "${fan.bridge}" masquerade`)]
}

const unknown: RuleFacts = { cards: {} }

/** The table for these fans, undefined for none. */
export function firewallOf(fans: readonly Fan[], facts = unknown): Firewall | undefined {
  if (fans.length === 0) return undefined
  const all = rulesOf(fans, facts)
  const sets = new Map(all.flatMap(({ set }) => (set ? [[set.name, set.words]] : [])))
  return {
    text: [
      `table inet ${tableName} {`,
      ...[...sets].map(([name, words]) => `  set ${name} { ${words} }`),
      ...chainsOf(all).flatMap((chain) => chainLines(chain, all)),
      '}',
      '',
    ].join('\n'),
    rules: all.map(({ digest }) => digest),
  }
}

interface NamedRule extends Rule {
  readonly digest: string
}

/** In the order of the table. Fans can have a rule in common. */
function rulesOf(fans: readonly Fan[], facts: RuleFacts): NamedRule[] {
  const different = new Map<string, NamedRule>()
  for (const rule of kinds.flatMap((kind) => fans.flatMap((fan) => kind(fan, fans, facts)))) {
    const digest = digestOf(rule)
    if (!different.has(digest)) different.set(digest, { ...rule, digest })
  }
  const rules = [...different.values()]
  return chainsOf(rules).flatMap((chain) => rules.filter((rule) => rule.chain === chain))
}

function chainsOf(rules: readonly Rule[]): string[] {
  const used = new Set(rules.map(({ chain }) => chain))
  const base = Object.keys(baseChains)
  return [...base.filter((chain) => used.has(chain)), ...[...used].filter((chain) => !base.includes(chain))]
}

function chainLines(name: string, all: readonly NamedRule[]): string[] {
  const rules = all.filter(({ chain }) => chain === name)
  return [
    `  chain ${name} {`,
    ...(baseChains[name] ? [`    ${baseChains[name]}`] : []),
    ...rules.map(({ text, digest }) => `    ${text} comment "${digest}"`),
    '  }',
  ]
}

/** Of all that makes a rule what it is: nft prints rules in words of its own. */
function digestOf({ chain, text, set }: Rule): string {
  return sha256Of([chain, baseChains[chain] ?? '', text, set?.words ?? ''].join('\n')).slice(0, 12)
}

/** The table as `nft list table` prints it, undefined where there is none. */
export function parseFirewall(text: string): Firewall | undefined {
  if (!text.includes(`table inet ${tableName} {`)) return undefined
  const lines = text.split('\n').flatMap((line) => {
    const digest = line.match(/ comment "([0-9a-f]{12})"/)?.[1]
    const packets = line.match(/\bcounter packets (\d+) /)?.[1]
    return digest ? [{ digest, packets }] : []
  })
  const packets = lines.flatMap((line) => (line.packets ? [[line.digest, Number(line.packets)] as const] : []))
  return { text, rules: lines.map(({ digest }) => digest), packets: Object.fromEntries(packets) }
}

/** What a table has dropped for the sake of one of its fans. A rule that several have in common counts for each. */
export function dropsOf(fan: Fan, fans: readonly Fan[], { packets = {} }: Firewall): Drops {
  // Those that drop depend on nothing else.
  const rules = kinds.flatMap((kind) => kind(fan, fans, unknown))
  const sum = (reason: DropReason) =>
    rules.filter((rule) => rule.reason === reason).reduce((count, rule) => count + (packets[digestOf(rule)] ?? 0), 0)
  return { forged: sum('forged'), martian: sum('martian'), dhcp: sum('dhcp'), excess: sum('excess') }
}
