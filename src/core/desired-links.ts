/** The links of fans: a bridge each, and the tunnels. */
import { type Fan, fanSliceOf, hostTextOf, macOf, portOf, sharesTunnel, tunnelOf, vniOf } from './fan.js'
import { formatPrefix, type Prefix, parsePrefix } from './ipv4.js'
import { fittingMtu } from './mtu.js'
import { sharedTunnelName } from './names.js'
import type { BridgeLink, IpipLink, Link, LinkMap, VxlanLink } from './state.js'

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
  return fittingMtu(fan.encapsulation, underlayMtu, fan.mtu)
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
      [keys.sendRedirects(fan.bridge)]: '0',
      // Containers of a vxlan fan may have the overlay's netmask and ask for all of it, though it is routed here.
      [keys.proxyArp(fan.bridge)]: routesVxlan(fan) ? '1' : '0',
    },
  }
}

/** One link a fan, and one ipip link for all others, wide enough for the largest of them. */
export function tunnelsOf(fans: readonly Fan[], facts: LinkFacts): Link[] {
  const own = fans
    .filter((fan) => !sharesTunnel(fan))
    .map((fan) => (fan.encapsulation === 'vxlan' ? vxlanOf(fan, facts) : mappedIpipOf(fan, facts)))
  const sharing = fans.filter(sharesTunnel)
  if (sharing.length === 0) return own
  const mtu = Math.max(...sharing.map((fan) => mtuOf(fan, facts)))
  const tunnel: IpipLink = {
    kind: 'ipip',
    name: sharedTunnelName,
    mtu,
    up: true,
    alias: 'fanctl: tunnel of all ipip fans',
    clsact: sharing.some((fan) => fan.steering === 'ebpf'),
    sysctls: ipv6Off(sharedTunnelName, mtu, facts),
  }
  return [tunnel, ...own]
}

function vxlanOf(fan: Fan, facts: LinkFacts): VxlanLink {
  const common = tunnelTraits(fan, facts)
  const { name, mtu } = common
  return {
    ...common,
    kind: 'vxlan',
    port: portOf(fan),
    vnis: [vniOf(fan)],
    clsact: fan.steering === 'ebpf',
    ...(fan.steering === 'fan-map' && { fanMap: linkMapOf(fan) }),
    // Other hosts address frames to the bridge. Where the tunnel is not a port of it, it answers to that itself.
    mac: macOf(fan, routesVxlan(fan) ? 'bridge' : 'tunnel'),
    ...(routesVxlan(fan) ? {} : { bridge: fan.bridge }),
    sysctls: {
      ...ipv6Off(name, mtu, facts),
      ...(routesVxlan(fan) && {
        [keys.sendRedirects(name)]: '0',
        // Hosts that do not route ask for containers by ARP, through the tunnel.
        [keys.proxyArp(name)]: '1',
        // An answer that waits has lost the outer addresses that it should go to (arp_process in net/ipv4/arp.c).
        [keys.proxyDelay(name)]: '0',
      }),
    },
  }
}

function mappedIpipOf(fan: Fan, facts: LinkFacts): IpipLink {
  const common = tunnelTraits(fan, facts)
  const { name, mtu } = common
  return { ...common, kind: 'ipip', clsact: false, fanMap: linkMapOf(fan), sysctls: ipv6Off(name, mtu, facts) }
}

function tunnelTraits(fan: Fan, facts: LinkFacts) {
  return { name: tunnelOf(fan), mtu: mtuOf(fan, facts), up: true, alias: tunnelAliasOf(fan) }
}

/** Of a tunnel that the fan does not share. */
export function tunnelAliasOf({ overlay, underlay }: Pick<Fan, 'overlay' | 'underlay'>): string {
  return `fanctl: tunnel of ${formatPrefix(overlay)} over ${formatPrefix(underlay)}`
}

function linkMapOf({ host, overlay, underlay }: Fan): LinkMap {
  return { local: host, overlay, underlay }
}

function routesVxlan(fan: Fan): boolean {
  return fan.encapsulation === 'vxlan' && fan.steering === 'routes'
}

/** Paths below /proc/sys of the settings that go with a link. */
const keys = {
  disableIpv6: (name: string) => `net/ipv6/conf/${name}/disable_ipv6`,
  sendRedirects: (name: string) => `net/ipv4/conf/${name}/send_redirects`,
  proxyArp: (name: string) => `net/ipv4/conf/${name}/proxy_arp`,
  proxyDelay: (name: string) => `net/ipv4/neigh/${name}/proxy_delay`,
}

/** All settings of a link that a fan may want. */
export function linkSysctlKeys(name: string): string[] {
  return Object.values(keys).map((keyOf) => keyOf(name))
}

/** Set before a link is up, or it would send router solicitations that no fan carries. */
function ipv6Off(name: string, mtu: number, { ipv6 }: LinkFacts): Record<string, string> {
  return ipv6 && mtu >= smallestIpv6Mtu ? { [keys.disableIpv6(name)]: '1' } : {}
}
