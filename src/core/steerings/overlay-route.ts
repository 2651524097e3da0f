/** The route for all of an overlay. */
import { type Fan, fanSliceOf, isRouted, tunnelOf } from '../fan.js'
import { gatewayOf } from '../fan-map.js'
import type { Route } from '../state.js'

/** Into the tunnel; none where the overlay is on the bridge's own link, or where there is no tunnel. */
export function overlayRoutes(fan: Fan): Route[] {
  const link = tunnelOf(fan)
  if (!isRouted(fan) || link === undefined) return []
  return [{ prefix: fan.overlay, link, source: gatewayOf(fanSliceOf(fan)) }]
}
