/** What was before replaced by what is after, and errors where it is not as it should be. */
import { isDeepStrictEqual } from 'node:util'

export function listed<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value]
}

/** `before` out and `after` in. What is there has to be like `before` in all that both have. */
export function replaced<T>(
  all: readonly T[],
  before: readonly T[],
  after: readonly T[],
  keyOf: (one: T) => string,
): T[] {
  const left = new Map(all.map((one) => [keyOf(one), one]))
  for (const said of before) {
    const found = left.get(keyOf(said))
    if (found === undefined) throw new Error(`${keyOf(said)} is not there`)
    expectLike(keyOf(said), found, said)
    left.delete(keyOf(said))
  }
  for (const one of after) {
    if (left.has(keyOf(one))) throw new Error(`${keyOf(one)} is there already`)
    left.set(keyOf(one), one)
  }
  return [...left.values()]
}

/** What is known of a thing apart from how it is. */
const besides: readonly string[] = ['owner', 'program', 'isCut']

function expectLike(what: string, found: unknown, said: unknown): void {
  if (typeof found !== 'object' || typeof said !== 'object' || !found || !said) return
  const values: Readonly<Record<string, unknown>> = { ...found }
  for (const [key, value] of Object.entries(said))
    if (!besides.includes(key) && !isDeepStrictEqual(values[key], value))
      throw new Error(`${key} of ${what} is ${JSON.stringify(values[key])}, not ${JSON.stringify(value)}`)
}

export function withEntry(
  all: Readonly<Record<string, string>>,
  name: string,
  before: string | undefined,
  after: string | undefined,
): Record<string, string> {
  expectSame(name, all[name], before)
  const { [name]: _, ...rest } = all
  return after === undefined ? rest : { ...rest, [name]: after }
}

export function expectSame(what: string, found: unknown, said: unknown): void {
  if (found !== said) throw new Error(`${what} is ${String(found)}, and the change says ${String(said)}`)
}
