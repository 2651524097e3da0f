/** The kinds of links that fans have, each with an encoder and a decoder of its own. */
import type { Link } from '../../core/state.js'
import type { Attribute } from '../attributes.js'
import { means, moduleMissing, type Refusals } from '../refusals.js'
import { bridge } from './bridge.js'
import { ipip } from './ipip.js'
import type { KindFacts, LinkKind } from './kind.js'
import { vxlan } from './vxlan.js'

const kinds: { readonly [Kind in Link['kind']]: LinkKind<Kind> } = { bridge, vxlan, ipip }

function kindOf<Kind extends Link['kind']>(kind: Kind): LinkKind<Kind> {
  return kinds[kind]
}

/** What sets a link apart in the creating message. */
export function encodeKind(link: Link): Attribute[] {
  return kindOf(link.kind).encode(link)
}

/** What the data of a link say; nothing of another program's kind. */
export function decodeKind(kind: string | undefined, data: ReadonlyMap<number, Buffer>): KindFacts {
  return kind !== undefined && Object.hasOwn(kinds, kind) ? kindOf(kind as Link['kind']).decode(data) : {}
}

/** What it means that the kernel does not make a link. */
export function creationRefusals(link: Link): Refusals {
  return {
    EOPNOTSUPP: moduleMissing(link.kind, `${link.kind} links`),
    // It was free when the host was read.
    EEXIST: means('LINK_CONFLICT', { name: link.name, kind: 'renamed' }),
    ...kindOf(link.kind).refusals?.(link),
  }
}
