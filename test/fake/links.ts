/** Links in memory, and how they are when they are new. */
import type { Link } from '../../src/core/state.js'

/** A link with what all kinds of them have between them. */
export interface MemoryLink {
  readonly name: string
  readonly kind: string | undefined
  readonly altnames?: readonly string[]
  readonly mtu: number
  readonly up: boolean
  readonly alias?: string
  readonly bridge?: string | undefined
  readonly sysctls: Readonly<Record<string, string>>
  readonly clsact?: boolean
  readonly vnis?: readonly number[]
}

/** What the creating messages bring, by kind. Everything else comes afterwards. */
const brought: { readonly [Kind in Link['kind']]: readonly string[] } = {
  bridge: ['kind', 'name', 'owner', 'mtu', 'alias', 'mac'],
  vxlan: ['kind', 'name', 'owner', 'mtu', 'alias', 'mac', 'port', 'fanMap'],
  ipip: ['kind', 'name', 'owner', 'mtu', 'alias', 'fanMap'],
}
const later: { readonly [Kind in Link['kind']]: Partial<MemoryLink> } = {
  bridge: { up: false, sysctls: {} },
  vxlan: { up: false, sysctls: {}, clsact: false, vnis: [] },
  ipip: { up: false, sysctls: {}, clsact: false },
}

/** A link as the creating messages leave it. A trait that nobody knows how it gets on a link is an error. */
export function created(link: Link): MemoryLink {
  const known = [...brought[link.kind], ...Object.keys(later[link.kind]), 'bridge']
  const unknown = Object.keys(link).filter((key) => !known.includes(key))
  if (unknown.length > 0) throw new Error(`how does a ${link.kind} get ${unknown.join()}?`)
  const fields = Object.entries(link).filter(([key]) => brought[link.kind].includes(key))
  // The VNI of a link with a map is fixed when it is made.
  const fixed = link.kind === 'vxlan' && link.fanMap ? { vnis: link.vnis } : {}
  return { ...(Object.fromEntries(fields) as unknown as MemoryLink), ...later[link.kind], ...fixed }
}
