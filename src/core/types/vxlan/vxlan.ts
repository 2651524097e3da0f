/** Ethernet in UDP (RFC 7348): the hosts of a fan share a layer-2 segment, unless routes steer it. */
import { FanError } from '../../errors.js'
import { gatewayOf, sliceOf } from '../../fan-map.js'
import { throughLink } from '../../firewall/rule.js'
import type { Ipv4 } from '../../ipv4.js'
import { macOf } from '../../mac.js'
import { tunnelName } from '../../names.js'
import type { Route } from '../../state.js'
import type { Carrier } from '../../steering/carrier.js'
import { tunnelFilters } from '../../steering/filters.js'
import type { FanType, TypedFan } from '../type.js'
import { layouts } from './layouts.js'
import { defaultPort, defaultVni, portOf, vniOf } from './options.js'
import { vxlanTunnel } from './tunnel.js'
import { vxlanWire } from './wire.js'

/** Plain vxlan over IPv4 sends no UDP checksum (RFC 7348, section 5); a tunnel key asks for one unless told not to. */
const zeroChecksum = 2

/** Packets begin with an Ethernet header of 14 bytes. */
export function vxlanCarrier(fan: TypedFan): Carrier {
  return {
    ipv4: { source: 26, destination: 30 },
    arp: { source: 28, destination: 38 },
    keyFlags: zeroChecksum,
    id: vniOf(fan),
    isShared: false,
  }
}

/** The next hop is the bridge of the other host. */
function routeTo(fan: TypedFan, host: Ipv4): Route {
  return {
    prefix: sliceOf(fan, host),
    link: tunnelName(fan.overlay),
    source: gatewayOf(sliceOf(fan, fan.host)),
    encap: { id: vniOf(fan), source: fan.host, destination: host },
    via: gatewayOf(sliceOf(fan, host)),
  }
}

function clash(fan: TypedFan, other: TypedFan): FanError | undefined {
  const [vni, port] = [vniOf(fan), portOf(fan)]
  if (vni !== vniOf(other) || port !== portOf(other)) return undefined
  return new FanError('VNI_TAKEN', { vni, port, bridge: other.bridge })
}

export const vxlan: FanType = {
  // IPv4 20, UDP 8, VXLAN 8 and the inner Ethernet header 14 (RFC 7348, section 5).
  overhead: 50,
  options: ['vni', 'port'],
  defaults: (overlay) => ({ vni: defaultVni(overlay), port: defaultPort }),
  steerings: layouts,
  tunnel: vxlanTunnel,
  wire: vxlanWire,
  entrance: (fan) => throughLink(tunnelName(fan.overlay)),
  filters: (fan) => tunnelFilters(fan, tunnelName(fan.overlay), vxlanCarrier(fan)),
  routeTo,
  // It need not be asked for: hardware addresses are computed from the map, and the other host takes frames for its
  // bridge's address in whichever way it steers.
  nextHop: (fan, host) => ({
    link: tunnelName(fan.overlay),
    address: gatewayOf(sliceOf(fan, host)),
    mac: macOf({ ...fan, host }, 'bridge'),
  }),
  claim: (options) => `VNI ${vniOf(options)} on UDP port ${portOf(options)}`,
  clash,
  recognise: ({ tunnel }) => {
    if (tunnel?.kind !== 'vxlan') return undefined
    const { port } = tunnel
    const [vni] = tunnel.vnis
    return { ...(vni !== undefined && { vni }), ...(port !== undefined && { port }) }
  },
}
