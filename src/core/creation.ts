/** How the links of fans are made. */
import type { LinkTraits } from './change.js'
import type { Link } from './state.js'

/** The link group that marks links as fanctl's: "fan" in ASCII. The creating message sets it, unlike an alias. */
export const linkGroup = 0x66616e

/** What adding a link takes a second message for: the kernel ignores an alias in the first. */
export function afterCreation(link: Link): LinkTraits {
  return { ...(link.kind === 'bridge' && { mtu: link.mtu }), alias: link.alias ?? '' }
}

/**
 * The MTU that a link is created with. A bridge lowers and raises its MTU with its ports until somebody has changed
 * it (BROPT_MTU_SET_BY_USER), and setting the value that it has is no change. So it is made one byte short.
 */
export function creationMtuOf({ kind, mtu }: Link): number {
  return kind === 'bridge' ? mtu - 1 : mtu
}

/** The hops that an outer packet may take, as the steering programs set it too. */
export const outerTtl = 64
