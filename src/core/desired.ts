/** From the fans that a host should run to the state that this means for it. Pure: what the host is like comes in. */
import { bridgeAddressOf, type Fan, fanPoolOf, fanSliceOf, hostTextOf, macOf, portOf, tunnelOf, vniOf } from './fan.js'
import { gatewayOf } from './fan-map.js'
import { firewallOf } from './firewall.js'
import { formatPrefix, netmaskOf, sizeOf } from './ipv4.js'
import { fittingMtu } from './mtu.js'
import { sharedTunnelName } from './names.js'
import type { Address, DhcpServer, Filter, Link, Route, State } from './state.js'
import { filtersOf, guardOf } from './steering/filters.js'

/** What a desired state depends on besides the fans. */
export interface HostFacts {
  /** Bytes, by the underlay address that a link carries. */
  readonly underlayMtus: Readonly<Record<number, number>>
  /** Whether this kernel has IPv6 at all. */
  readonly ipv6: boolean
  /** Whether there can be a firewall here. A fan with NAT asks for one all the same. */
  readonly firewall: boolean
}

/** The settings of the whole host that a fan needs, by path below /proc/sys. */
export const forwarding = 'net/ipv4/ip_forward'
export const hostSysctls: Readonly<Record<string, string>> = {
  [forwarding]: '1',
  // A redirect is sent if either the link or "all" asks for it. Containers with a slice's netmask on a vxlan fan
  // would be told to go direct, which they cannot.
  'net/ipv4/conf/all/send_redirects': '0',
}

/** Turning forwarding off makes the kernel accept redirects again (inet_forward_change), whatever the host had. */
export const acceptRedirects = 'net/ipv4/conf/all/accept_redirects'

/** What the last `down` puts back. */
export const notedSysctls: readonly string[] = [...Object.keys(hostSysctls), acceptRedirects]

/** The kernel gives a link with a smaller MTU no IPv6, and no settings for it (RFC 8200, section 5). */
const smallestIpv6Mtu = 1280

function mtuOf(fan: Fan, facts: HostFacts): number {
  const underlayMtu = facts.underlayMtus[fan.host]
  if (underlayMtu === undefined) throw new Error(`no MTU known for ${hostTextOf(fan)}`)
  return fittingMtu(fan.encapsulation, underlayMtu, fan.mtu)
}

/** The desired state of a host, without files. No fans: nothing. */
export function desiredState(fans: readonly Fan[], facts: HostFacts): Omit<State, 'files'> {
  const links = [...tunnelsOf(fans, facts), ...fans.map((fan) => bridgeOf(fan, facts))]
  const firewall = facts.firewall || fans.some((fan) => fan.nat) ? firewallOf(fans) : undefined
  return {
    links,
    addresses: fans.map((fan): Address => ({ link: fan.bridge, prefix: bridgeAddressOf(fan) })),
    routes: fans.filter((fan) => fan.encapsulation === 'ipip').map(routeOf),
    filters: fans.some(sharesTunnel)
      ? [guardOf(sharedTunnelName), ...fans.flatMap(filtersOf)]
      : fans.flatMap((fan): readonly Filter[] => filtersOf(fan)),
    sysctls: fans.length > 0 ? hostSysctls : {},
    dhcpServers: fans.filter((fan) => fan.dhcp).map((fan) => dhcpServerOf(fan, facts)),
    ...(firewall && { firewall }),
  }
}

function sharesTunnel(fan: Fan): boolean {
  return fan.encapsulation === 'ipip'
}

function bridgeOf(fan: Fan, facts: HostFacts): Link {
  return {
    kind: 'bridge',
    name: fan.bridge,
    mac: macOf(fan, 'bridge'),
    mtu: mtuOf(fan, facts),
    up: true,
    alias: `fanctl: slice ${formatPrefix(fanSliceOf(fan))} of ${formatPrefix(fan.overlay)}`,
    sysctls: linkSysctls('bridge', fan.bridge, mtuOf(fan, facts), facts.ipv6),
  }
}

/** One vxlan link a fan; one ipip link for all, wide enough for the largest of them. */
function tunnelsOf(fans: readonly Fan[], facts: HostFacts): Link[] {
  const vxlans = fans
    .filter((fan) => fan.encapsulation === 'vxlan')
    .map(
      (fan): Link => ({
        kind: 'vxlan',
        name: tunnelOf(fan),
        mac: macOf(fan, 'tunnel'),
        mtu: mtuOf(fan, facts),
        up: true,
        alias: `fanctl: tunnel of ${formatPrefix(fan.overlay)} over ${formatPrefix(fan.underlay)}`,
        bridge: fan.bridge,
        port: portOf(fan),
        vnis: [vniOf(fan)],
        clsact: true,
        sysctls: linkSysctls('vxlan', tunnelOf(fan), mtuOf(fan, facts), facts.ipv6),
      }),
    )
  const shared = fans.filter(sharesTunnel)
  if (shared.length === 0) return vxlans
  const mtu = Math.max(...shared.map((fan) => mtuOf(fan, facts)))
  const tunnel: Link = {
    kind: 'ipip',
    name: sharedTunnelName,
    mtu,
    up: true,
    alias: 'fanctl: tunnel of all ipip fans',
    clsact: true,
    sysctls: linkSysctls('ipip', sharedTunnelName, mtu, facts.ipv6),
  }
  return [tunnel, ...vxlans]
}

function routeOf(fan: Fan): Route {
  return { prefix: fan.overlay, link: tunnelOf(fan), source: gatewayOf(fanSliceOf(fan)) }
}

/** The settings of one link, by path below /proc/sys. */
export function linkSysctls(kind: Link['kind'], name: string, mtu: number, ipv6: boolean): Record<string, string> {
  return {
    // Set before a link is up, or it would send router solicitations that no fan carries.
    ...(ipv6 && mtu >= smallestIpv6Mtu && { [`net/ipv6/conf/${name}/disable_ipv6`]: '1' }),
    ...(kind === 'bridge' && { [`net/ipv4/conf/${name}/send_redirects`]: '0' }),
  }
}

function dhcpServerOf(fan: Fan, facts: HostFacts): DhcpServer {
  const slice = fanSliceOf(fan)
  return {
    bridge: fan.bridge,
    settings: {
      gateway: gatewayOf(slice),
      netmask: netmaskOf(bridgeAddressOf(fan).length),
      pool: fanPoolOf(fan),
      mtu: mtuOf(fan, facts),
      // Loading more leases than the maximum is fatal for dnsmasq, so it is the slice and not the pool, which may shrink.
      leaseMax: sizeOf(slice.length),
    },
    running: true,
  }
}
