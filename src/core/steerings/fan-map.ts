/** The tunnel of an Ubuntu fan kernel computes the outer destination, from a map that it has. */
import { overlayRoutes } from './overlay-route.js'
import type { Steering } from './steering.js'

export const fanMap: Steering = {
  words: 'Ubuntu fan kernels',
  checks: false,
  // What is no fan kernel ignores a map in silence.
  isSilent: true,
  traits: ({ host, overlay, underlay }) => ({ clsact: false, fanMap: { local: host, overlay, underlay } }),
  filters: () => [],
  routes: overlayRoutes,
  neighbours: () => [],
  limit: () => undefined,
  trial: (_, link) => link && { kind: 'fan-map', link },
  isSeen: ({ hasMap }) => hasMap,
}
