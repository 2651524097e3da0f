/**
 * A route for each other host brings the outer header with it: any kernel with lightweight tunnels will do. One more takes
 * the rest of the overlay, which the tunnel drops for want of an outer header.
 */
import { FanError } from '../errors.js'
import { type Fan, typeOf } from '../fan.js'
import { type FanMap, hostsOf, unusableRoleOf } from '../fan-map.js'
import { formatPrefix, type Ipv4, ipv4 } from '../ipv4.js'
import { overlayRoutes } from './overlay-route.js'
import type { Limit, Steering } from './steering.js'

/** More would take the kernel seconds to read and write, and every host's table would grow with each new one. */
const most = 4096

export const routes: Steering = {
  words: `one per host, ${most} at most`,
  checks: false,
  isSilent: false,
  traits: () => ({ clsact: false }),
  filters: () => [],
  routes: (fan) => [...overlayRoutes(fan), ...otherHosts(fan).map((host) => typeOf(fan).routeTo(fan, host))],
  neighbours: (fan) => {
    const { nextHop } = typeOf(fan)
    return nextHop ? otherHosts(fan).map((host) => nextHop(fan, host)) : []
  },
  limit,
  trial: () => undefined,
  isSeen: ({ hasRoutes, hasPrograms, hasMap }) => hasRoutes && !hasPrograms && !hasMap,
}

function limit(map: FanMap): Limit | undefined {
  const hosts = machinesOf(map)
  if (hosts <= most) return undefined
  return {
    error: new FanError('ROUTES_TOO_MANY', { underlay: formatPrefix(map.underlay), hosts, most }),
    words: `the underlay has room for ${hosts} hosts; the limit is ${most}`,
  }
}

/** How many machines the underlay has room for. */
function machinesOf(map: FanMap): number {
  const hosts = hostsOf(map)
  return hosts < 4 ? hosts : hosts - 2
}

/** Every address of the underlay that another machine can have. */
function otherHosts(fan: Fan): Ipv4[] {
  return Array.from({ length: hostsOf(fan) }, (_, hostPart) => ipv4(fan.underlay.address + hostPart)).filter(
    (host) => host !== fan.host && unusableRoleOf(fan, host) === undefined,
  )
}
