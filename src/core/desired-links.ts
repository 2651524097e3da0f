/** The links of fans: a bridge each, and the tunnels. */
import { type Fan, fanSliceOf, hostTextOf, proxiesArp, sharesTunnel, tunnelOf, typeOf } from './fan.js'
import { formatPrefix, type Prefix, parsePrefix } from './ipv4.js'
import { linkSettings } from './link-settings.js'
import { macOf } from './mac.js'
import { fittingMtu } from './mtu.js'
import type { BridgeLink, Link } from './state.js'
import { steeringOf } from './steerings/steerings.js'

/** What links depend on besides the fans. */
export interface LinkFacts {
  /** Bytes, by the underlay address that a link carries. */
  readonly underlayMtus: Readonly<Record<number, number>>
  /** Whether this kernel has IPv6 at all. */
  readonly ipv6: boolean
}

/** The kernel gives a link with a smaller MTU no IPv6, and no settings for it (RFC 8200, section 5). */
const smallestIpv6Mtu = 1280

/** The MTU of a fan in bytes. */
export function mtuOf(fan: Fan, facts: LinkFacts): number {
  const underlayMtu = facts.underlayMtus[fan.host]
  if (underlayMtu === undefined) throw new Error(`no MTU known for ${hostTextOf(fan)}`)
  return fittingMtu(typeOf(fan).overhead, underlayMtu, fan.mtu)
}

/** For people, and to know a bridge by whose name was changed. `readBridgeAlias` reads it. */
export function bridgeAliasOf(fan: Fan): string {
  return `fanctl: slice ${formatPrefix(fanSliceOf(fan))} of ${formatPrefix(fan.overlay)}`
}

/** The two networks of an alias that `bridgeAliasOf` wrote, undefined for any other text. */
export function readBridgeAlias(alias: string): { slice: Prefix; overlay: Prefix } | undefined {
  const [slice, overlay] = (alias.match(/^fanctl: slice (\S+) of (\S+)$/) ?? []).slice(1).map(parsePrefix)
  if (slice === undefined || overlay === undefined) return undefined
  return typeof slice === 'string' || typeof overlay === 'string' ? undefined : { slice, overlay }
}

export function bridgeOf(fan: Fan, facts: LinkFacts): BridgeLink {
  const mtu = mtuOf(fan, facts)
  return {
    kind: 'bridge',
    name: fan.bridge,
    mac: macOf(fan, 'bridge'),
    mtu,
    up: true,
    alias: bridgeAliasOf(fan),
    sysctls: {
      ...ipv6Off(fan.bridge, mtu, facts),
      [linkSettings.sendRedirects(fan.bridge)]: '0',
      [linkSettings.proxyArp(fan.bridge)]: proxiesArp(fan) ? '1' : '0',
    },
  }
}

/** One link a fan, and those that fans of a type share, wide enough for the largest of them. */
export function tunnelsOf(fans: readonly Fan[], facts: LinkFacts): Link[] {
  const sharing = fans.filter(sharesTunnel)
  const names = [...new Set(sharing.map(tunnelOf))]
  const shared = names.map((name) => sharing.filter((fan) => tunnelOf(fan) === name))
  const own = fans.filter((fan) => !sharesTunnel(fan)).map((fan) => [fan])
  return [...shared, ...own].flatMap((users) => tunnelFor(users, facts))
}

/** The tunnel that some fans have in common, if they have one. */
function tunnelFor(fans: readonly Fan[], facts: LinkFacts): Link[] {
  const [fan] = fans
  const name = fan && tunnelOf(fan)
  const tunnel = fan && typeOf(fan).tunnel
  if (!tunnel || name === undefined) return []
  const mtu = Math.max(...fans.map((one) => mtuOf(one, facts)))
  const alias = sharesTunnel(fan) ? (tunnel.shared?.alias ?? '') : tunnelAliasOf(fan)
  const clsact = fans.some((one) => steeringOf(one).traits(one).clsact)
  const traits = { ...steeringOf(fan).traits(fan), clsact }
  return [tunnel.link({ name, mtu, up: true, alias, ...traits, sysctls: ipv6Off(name, mtu, facts) }, fan)]
}

/** Of a tunnel that the fan does not share. */
export function tunnelAliasOf({ overlay, underlay }: Pick<Fan, 'overlay' | 'underlay'>): string {
  return `fanctl: tunnel of ${formatPrefix(overlay)} over ${formatPrefix(underlay)}`
}

/** Set before a link is up, or it would send router solicitations that no fan carries. */
function ipv6Off(name: string, mtu: number, { ipv6 }: LinkFacts): Record<string, string> {
  return ipv6 && mtu >= smallestIpv6Mtu ? { [linkSettings.disableIpv6(name)]: '1' } : {}
}
