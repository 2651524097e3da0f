/**
 * The networks of LXD in a text: what `lxc network show NAME`, `lxc network list --format json` or `lxd init --dump`
 * print, or the keys of one network as `key: value` lines or as the words of `lxc network create`.
 */
import * as z from 'zod/mini'
import type { Source } from './imported.js'
import { hasShape, readShape, scalar } from './shape.js'

export interface Network {
  readonly name: string | undefined
  readonly keys: ReadonlyMap<string, string>
}

const anyNetwork = z.looseObject({ config: z.looseObject({}) })
const optional = z.optional(scalar)
const network = z.object({
  name: optional,
  type: optional,
  managed: optional,
  config: z.record(z.string(), scalar),
})

/** Throws as the source's documents. */
export function hasNetworks(source: Source): boolean {
  return isWords(source.text) || source.documents().some((one) => hasShape(anyNetwork, one) || isFlat(one))
}

/** Those that LXD manages and that are bridges. Throws IMPORT_UNKNOWN. */
export function networksIn(source: Source): Network[] {
  if (isWords(source.text)) return [{ name: undefined, keys: new Map(source.text.split(/\s+/).flatMap(pairIn)) }]
  return source.documents().flatMap((one): Network[] => {
    if (isFlat(one)) return [{ name: undefined, keys: new Map(Object.entries(one).filter(isScalar)) }]
    if (!hasShape(anyNetwork, one)) return []
    const { name, type = 'bridge', managed, config } = readShape(network, one, 'this network of LXD')
    return type === 'bridge' && managed !== 'false' ? [{ name, keys: new Map(Object.entries(config)) }] : []
  })
}

/** `bridge.mode=fan fan.type=ipip`, on one line or several. */
function isWords(text: string): boolean {
  return /^(?:lxc[ \t].*[ \t])?[ \t]*(?:bridge\.mode|fan\.\w+)=/m.test(text)
}

function pairIn(word: string): [key: string, value: string][] {
  const at = word.indexOf('=')
  return at < 0 ? [] : [[word.slice(0, at), word.slice(at + 1).replace(/^(["'])(.*)\1$/, '$2')]]
}

/** Whether it is the keys of one network themselves. */
function isFlat(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  return Object.keys(value).some((key) => /^(?:bridge\.mode|fan\.\w+)$/.test(key))
}

function isScalar(entry: [string, unknown]): entry is [string, string] {
  return hasShape(scalar, entry[1])
}
