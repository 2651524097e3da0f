/** Programs compute the outer destination, and check what comes in. */
import { typeOf } from '../fan.js'
import { overlayRoutes } from './overlay-route.js'
import type { Steering } from './steering.js'

export const ebpf: Steering = {
  words: 'programs',
  checks: true,
  isSilent: false,
  traits: () => ({ clsact: true }),
  filters: (fan) => typeOf(fan).filters(fan),
  routes: overlayRoutes,
  neighbours: () => [],
  limit: () => undefined,
  trial: (fan) => ({ kind: 'filters', filters: typeOf(fan).filters(fan) }),
  isSeen: ({ hasPrograms, hasMap }) => hasPrograms && !hasMap,
}
