/** From the fans that a host should run to the state that this means for it. Pure: what the host is like comes in. */
import { bridgeOf, type LinkFacts, mtuOf, tunnelsOf } from './desired-links.js'
import { bridgeAddressOf, type Fan, fanPoolOf, fanSliceOf, ownLinksOf, sharesTunnel, tunnelOf } from './fan.js'
import { gatewayOf } from './fan-map.js'
import type { RuleFacts } from './firewall/rule.js'
import { firewallOf } from './firewall/table.js'
import { netmaskOf, sizeOf } from './ipv4.js'
import type { Address, DhcpServer, Filter, Link, State } from './state.js'
import { guardOf } from './steering/filters.js'
import { steeringOf } from './steerings/steerings.js'

/** What a desired state depends on besides the fans. */
export interface HostFacts extends LinkFacts, RuleFacts {
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

/** The desired state of a host, without files. No fans: nothing. */
export function desiredState(fans: readonly Fan[], facts: HostFacts): Omit<State, 'files'> {
  const owners = new Map(fans.flatMap((fan) => ownLinksOf(fan).map((link) => [link, fan.bridge])))
  const links = [...tunnelsOf(fans, facts), ...fans.map((fan) => bridgeOf(fan, facts))]
  const firewall = facts.firewall || fans.some((fan) => fan.nat) ? firewallOf(fans, facts) : undefined
  return {
    links: links.map((link): Link => ({ ...link, owner: owners.get(link.name) })),
    addresses: fans.map((fan): Address => ({ link: fan.bridge, prefix: bridgeAddressOf(fan) })),
    routes: fans.flatMap((fan) => ownedBy(fan, steeringOf(fan).routes(fan))),
    neighbours: fans.flatMap((fan) => steeringOf(fan).neighbours(fan)),
    filters: filtersFor(fans),
    sysctls: fans.length > 0 ? hostSysctls : {},
    dhcpServers: fans.filter((fan) => fan.dhcp).map((fan) => dhcpServerOf(fan, facts)),
    ...(firewall && { firewall }),
  }
}

function ownedBy<T>({ bridge }: Fan, all: readonly T[]): (T & { owner: string })[] {
  return all.map((one) => ({ ...one, owner: bridge }))
}

/**
 * The filters of these fans, and of the tunnels that they share. A guard drops what no program has claimed, so it cannot be where routes steer a fan on the same tunnel: there the
 * firewall looks at what comes out.
 */
export function filtersFor(fans: readonly Fan[]): Filter[] {
  const sharing = fans.filter(sharesTunnel)
  const others = new Set(sharing.filter((fan) => !steeringOf(fan).checks).map(tunnelOf))
  const guarded = new Set(sharing.map(tunnelOf).filter((name) => !others.has(name)))
  return [
    ...[...guarded].flatMap((name) => (name === undefined ? [] : guardOf(name))),
    ...fans.flatMap((fan) => ownedBy(fan, steeringOf(fan).filters(fan))),
  ]
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
