/** IPv4 in IPv4, protocol 4 (RFC 2003): routed, and with the smallest header. */
import { FanError } from '../errors.js'
import { gatewayOf, sliceOf } from '../fan-map.js'
import { dropRule, insideMatch, rule, throughLink } from '../firewall/rule.js'
import { formatAddress, formatPrefix } from '../ipv4.js'
import { sharedTunnelName, tunnelName } from '../names.js'
import type { Carrier } from '../steering/carrier.js'
import { tunnelFilters } from '../steering/filters.js'
import type { FanType, Layout, TypedFan } from './type.js'

const sharing: Layout = { isRouted: true, isShared: true, proxiesArp: false }

/** A network namespace can have only one `external` link, and a link with a map of its own cannot be that. */
const steerings = { ebpf: sharing, 'fan-map': { ...sharing, isShared: false }, routes: sharing } as const

/** Packets begin with their IPv4 header (RFC 791). */
export const ipipCarrier: Carrier = { ipv4: { source: 12, destination: 16 }, keyFlags: 0, isShared: true }

/** By number: what /etc/protocols calls ipip is another protocol, 94. */
const outer = 'ip protocol 4'

/** Where the source of the packet inside is, in bits from the end of the outer header. */
const innerSource = 96

/** Others that go from this host belong to other tunnels. */
const carries = ({ overlay }: TypedFan) => `${outer} ${insideMatch(innerSource, overlay)}`

/** A map takes all ipip packets for this host's address. */
function clash(fan: TypedFan, other: TypedFan): FanError | undefined {
  const areSharing = steerings[fan.steering].isShared && steerings[other.steering].isShared
  if (areSharing || fan.host !== other.host) return undefined
  return new FanError('FAN_MAP_TAKEN', { host: formatAddress(fan.host), bridge: other.bridge })
}

export const ipip: FanType = {
  // One IPv4 header.
  overhead: 20,
  options: [],
  defaults: () => ({}),
  steerings,
  tunnel: {
    kind: 'ipip',
    shared: { name: sharedTunnelName, alias: 'fanctl: tunnel of all ipip fans' },
    link: (traits) => ({ ...traits, kind: 'ipip' }),
    words: (name) => name,
    withoutModule: '--type vxlan on every host',
  },
  wire: {
    words: () => 'IP protocol 4',
    packets: 'IP protocol 4',
    blockedBy: 'Azure always drops it',
    match: () => outer,
    // Other ipip links of this host are let through. They are known by their kind, which a card has none of, so that no
    // comparison with one holds: they are accepted first.
    fromTunnels: (fan) => [
      rule('after-nat', `${outer} meta iifkind "ipip" accept`),
      dropRule(
        'after-nat',
        'forged',
        `${outer} ip daddr ${formatPrefix(fan.underlay)} ${insideMatch(innerSource, fan.overlay)} fib saddr type local`,
      ),
    ],
    fromHosts: (fan) => {
      const ends = `ip saddr ${formatPrefix(fan.underlay)} ip daddr ${formatAddress(fan.host)}`
      return rule('arrival', `${carries(fan)} ${ends} accept`)
    },
    fromElsewhere: (fan) => [dropRule('arrival', 'forged', carries(fan))],
    noneFromHere: () => [],
  },
  entrance: (fan) => throughLink(steerings[fan.steering].isShared ? sharedTunnelName : tunnelName(fan.overlay)),
  filters: (fan) => tunnelFilters(fan, sharedTunnelName, ipipCarrier),
  routeTo: (fan, host) => ({
    prefix: sliceOf(fan, host),
    link: sharedTunnelName,
    source: gatewayOf(sliceOf(fan, fan.host)),
    encap: { id: 0, source: fan.host, destination: host },
  }),
  claim: () => undefined,
  clash,
  recognise: ({ tunnel }) => (tunnel === undefined || tunnel.kind === 'ipip' ? {} : undefined),
}
