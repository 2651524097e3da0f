/**
 * What a steering is: who computes the outer destination of a packet, and what that takes on a host. Each has a file of
 * its own, and `steerings.ts` has them all. Nothing else asks for the name of a steering.
 */
import type { FanError } from '../errors.js'
import type { Fan } from '../fan.js'
import type { FanMap } from '../fan-map.js'
import type { Filter, Link, Neighbour, Route } from '../state.js'
import type { TunnelTraits } from '../types/type.js'

/** Something that a kernel may or may not be able to do. */
export type Trial =
  | { readonly kind: 'filters'; readonly filters: readonly Filter[] }
  | { readonly kind: 'fan-map'; readonly link: Link }

/** What the kernel has of a fan whose steering nobody knows. */
export interface Traces {
  readonly hasMap: boolean
  readonly hasPrograms: boolean
  readonly hasRoutes: boolean
}

/** Why a steering cannot do it for a map, on whichever host. */
export interface Limit {
  /** For who asked for it. */
  readonly error: FanError
  /** For who did not, and gets another. */
  readonly words: string
}

export interface Steering {
  /** For help, in brackets behind its name. */
  readonly words: string
  /** Whether what comes in is looked at: its inner source has to be the outer one's, and it has to be for this host. */
  readonly checks: boolean
  /** Whether it is tried even if asked for by name: the kernel would not say that it cannot do it. */
  readonly isSilent: boolean
  /** What it takes of the fan's tunnel. */
  traits(fan: Fan): Pick<TunnelTraits, 'clsact' | 'fanMap'>
  filters(fan: Fan): readonly Filter[]
  routes(fan: Fan): readonly Route[]
  /** The next hops of its routes that nobody is asked for. */
  neighbours(fan: Fan): readonly Neighbour[]
  limit(map: FanMap): Limit | undefined
  /** What the kernel has to be able to do; undefined: any kernel will do. `tunnel` is what the fan would have. */
  trial(fan: Fan, tunnel: Link | undefined): Trial | undefined
  /** Whether that is how a fan is steered. */
  isSeen(traces: Traces): boolean
}
