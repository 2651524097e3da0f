/** fanctl's nftables table, `inet fanctl`. */
import { createHash } from 'node:crypto'
import { type Fan, fanSliceOf, isRouted, tunnelOf } from './fan.js'
import { formatPrefix } from './ipv4.js'
import type { Firewall } from './state.js'

export const tableName = 'fanctl'

/** The table for these fans, undefined for none. */
export function firewallOf(fans: readonly Fan[]): Firewall | undefined {
  if (fans.length === 0) return undefined
  const slices = fans.map((fan) => formatPrefix(fanSliceOf(fan))).join(', ')
  const unchecked = fans.filter((fan) => fan.steering !== 'ebpf' && isRouted(fan))
  const guards = [
    ...fans.flatMap((fan) => [ownSliceRule(fan), overlayRule(fan, slices)]),
    ...unchecked.flatMap((fan) => [insideRule(fan), forUsRule(fan, slices)]),
  ]
    .filter((rule, index, all) => all.indexOf(rule) === index)
    .map(marked)
  const masquerades = fans.filter((fan) => fan.nat).map((fan) => marked(masqueradeRule(fan)))
  return {
    text: [
      `table inet ${tableName} {`,
      ...chain('prerouting', 'type filter hook prerouting priority raw; policy accept;', guards),
      ...chain('postrouting', 'type nat hook postrouting priority srcnat; policy accept;', masquerades),
      '}',
      '',
    ].join('\n'),
    rules: [...guards, ...masquerades].map(({ digest }) => digest),
  }
}

interface Rule {
  readonly text: string
  readonly digest: string
}

/** This host's own slice sends from its bridge. The same source from anywhere else was made up by a neighbour. */
function ownSliceRule(fan: Fan): string {
  return `iifname != { "${fan.bridge}", "lo" } ip saddr ${formatPrefix(fanSliceOf(fan))} drop`
}

/**
 * A packet from the overlay for any slice of this host has to come out of the tunnel, where its source was checked.
 * For other addresses of this host it may come straight: a fan without NAT sends so.
 */
function overlayRule(fan: Fan, slices: string): string {
  const links = [fan.bridge, tunnelOf(fan), 'lo'].map((name) => `"${name}"`).join(', ')
  return `iifname != { ${links} } ip saddr ${formatPrefix(fan.overlay)} ip daddr { ${slices} } drop`
}

/** Where no program checks what comes out of a routed tunnel: it is from the overlay. From which host, nobody looks. */
function insideRule(fan: Fan): string {
  return `iifname "${tunnelOf(fan)}" ip daddr ${formatPrefix(fanSliceOf(fan))} ip saddr != ${formatPrefix(fan.overlay)} drop`
}

/** And it is for this host: else it would be sent on, with this host's outer address. */
function forUsRule(fan: Fan, slices: string): string {
  return `iifname "${tunnelOf(fan)}" ip daddr != { ${slices} } drop`
}

/**
 * What leaves the slice for outside the overlay takes this host's address. The bridge is named too: with br_netfilter
 * a bridged multicast packet passes here, its destination outside the overlay, and must stay as it is.
 */
function masqueradeRule(fan: Fan): string {
  const slice = formatPrefix(fanSliceOf(fan))
  return `ip saddr ${slice} ip daddr != ${formatPrefix(fan.overlay)} oifname != "${fan.bridge}" masquerade`
}

function marked(text: string): Rule {
  return { text, digest: createHash('sha256').update(text).digest('hex').slice(0, 12) }
}

function chain(name: string, hook: string, rules: readonly Rule[]): string[] {
  if (rules.length === 0) return []
  return [
    `  chain ${name} {`,
    `    ${hook}`,
    ...rules.map((rule) => `    ${rule.text} comment "${rule.digest}"`),
    '  }',
  ]
}

/** The table as `nft list table` prints it, undefined where there is none. */
export function parseFirewall(text: string): Firewall | undefined {
  if (!text.includes(`table inet ${tableName} {`)) return undefined
  return { text, rules: [...text.matchAll(/ comment "([0-9a-f]{12})"/g)].map((match) => match[1] ?? '') }
}
