/** What there is to know about a kind of link: a file each, all in the table of `kinds.ts`. */
import type { FoundLink } from '../../core/found.js'
import type { Link } from '../../core/state.js'
import type { Attribute } from '../attributes.js'
import type { Refusals } from '../refusals.js'

export type LinkOf<Kind extends Link['kind']> = Extract<Link, { readonly kind: Kind }>

/** What a link's own data say of it, and the VNI that it was made with. */
export type KindFacts = Partial<Pick<FoundLink, 'port' | 'fanMap'>> & { readonly vni?: number | undefined }

export interface LinkKind<Kind extends Link['kind']> {
  /** What sets it apart in the creating message. */
  readonly encode: (link: LinkOf<Kind>) => Attribute[]
  /** Its data in a list. */
  readonly decode: (data: ReadonlyMap<number, Buffer>) => KindFacts
  /** What it means that the kernel does not make it, but for what that means for every kind. */
  readonly refusals?: (link: LinkOf<Kind>) => Refusals
}
