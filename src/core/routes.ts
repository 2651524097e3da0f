/**
 * The routes of a fan: one for the whole overlay where the tunnel computes the outer destination, and one more for each
 * other host where nothing does. Those bring the outer header with them: any kernel with lightweight tunnels will do.
 */
import { FanError } from './errors.js'
import { type Fan, fanSliceOf, isRouted, tunnelOf, typeOf } from './fan.js'
import { type FanMap, gatewayOf, hostsOf, unusableRoleOf } from './fan-map.js'
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
  if (!isRouted(fan) || link === undefined) return []
  // Where hosts have routes of their own this one takes the rest, which the tunnel drops for want of an outer header.
  const whole: Route = { prefix: fan.overlay, link, source: gatewayOf(fanSliceOf(fan)) }
  if (fan.steering !== 'routes') return [whole]
  return [whole, ...otherHosts(fan).map((host) => typeOf(fan).routeTo(fan, host))]
}

/** The next hops of its routes that nobody is asked for. */
export function neighboursOf(fan: Fan): Neighbour[] {
  const { nextHop } = typeOf(fan)
  if (fan.steering !== 'routes' || !nextHop) return []
  return otherHosts(fan).map((host) => nextHop(fan, host))
}

/** Every address of the underlay that another machine can have. */
function otherHosts(fan: Fan): Ipv4[] {
  return Array.from({ length: hostsOf(fan) }, (_, hostPart) => ipv4(fan.underlay.address + hostPart)).filter(
    (host) => host !== fan.host && unusableRoleOf(fan, host) === undefined,
  )
}
