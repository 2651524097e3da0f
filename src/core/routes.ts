/**
 * The routes of a fan: one for the whole overlay where the tunnel computes the outer destination, and one more for each
 * other host where nothing does. Those bring the outer header with them: any kernel with lightweight tunnels will do.
 */
import { FanError } from './errors.js'
import { type Fan, fanSliceOf, isRouted, macOf, tunnelOf, vniOf } from './fan.js'
import { type FanMap, gatewayOf, hostsOf, sliceOf, unusableRoleOf } from './fan-map.js'
import { formatPrefix, type Ipv4, ipv4 } from './ipv4.js'
import type { Neighbour, Route } from './state.js'

/** More would take the kernel seconds to read and write, and every host's table would grow with each new one. */
export const mostRoutedHosts = 4096

/** How many machines the underlay has room for. */
export function machinesOf(map: FanMap): number {
  const hosts = hostsOf(map)
  return hosts < 4 ? hosts : hosts - 2
}

/** Throws ROUTES_TOO_MANY. */
export function checkRoutable(map: FanMap): void {
  const hosts = machinesOf(map)
  if (hosts > mostRoutedHosts)
    throw new FanError('ROUTES_TOO_MANY', { underlay: formatPrefix(map.underlay), hosts, most: mostRoutedHosts })
}

export function routesOf(fan: Fan): Route[] {
  const link = tunnelOf(fan)
  const source = gatewayOf(fanSliceOf(fan))
  if (!isRouted(fan)) return []
  // Where hosts have routes of their own this one takes the rest, which the tunnel drops for want of an outer header.
  const whole: Route = { prefix: fan.overlay, link, source }
  if (fan.steering !== 'routes') return [whole]
  const isVxlan = fan.encapsulation === 'vxlan'
  const each = otherHosts(fan).map((host) => ({
    prefix: sliceOf(fan, host),
    link,
    source,
    encap: { id: isVxlan ? vniOf(fan) : 0, source: fan.host, destination: host },
    ...(isVxlan && { via: gatewayOf(sliceOf(fan, host)) }),
  }))
  return [whole, ...each]
}

/**
 * The next hops of a vxlan fan. They need not be asked for: hardware addresses are computed from the map, and the other
 * host takes frames for its bridge's address in whichever way it steers.
 */
export function neighboursOf(fan: Fan): Neighbour[] {
  if (fan.steering !== 'routes' || fan.encapsulation !== 'vxlan') return []
  return otherHosts(fan).map((host) => ({
    link: tunnelOf(fan),
    address: gatewayOf(sliceOf(fan, host)),
    mac: macOf({ ...fan, host }, 'bridge'),
  }))
}

/** Every address of the underlay that another machine can have. */
function otherHosts(fan: Fan): Ipv4[] {
  return Array.from({ length: hostsOf(fan) }, (_, hostPart) => ipv4(fan.underlay.address + hostPart)).filter(
    (host) => host !== fan.host && unusableRoleOf(fan, host) === undefined,
  )
}
