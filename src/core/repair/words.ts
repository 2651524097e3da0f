/** Repairs in words, one line each. */
import type { Change, ObjectKind } from '../change.js'
import { objects, typeOf } from '../objects/objects.js'

const kinds = Object.keys(objects) as ObjectKind[]

/** What the changes of one repair do. Of what is made again only that is told, not what comes with it. */
export function wordsFor(changes: readonly Change[]): string {
  const told = [...new Set(changes.map(({ object }) => object))].map((kind) => ({
    kind,
    words: typeOf(kind).repair.tell(
      changes.filter(({ object }) => object === kind),
      changes,
    ),
  }))
  const hasWords = (kind: ObjectKind) => told.some((one) => one.kind === kind && one.words.length > 0)
  const loudest = kinds.find((kind) => typeOf(kind).repair.tellsAll && hasWords(kind))
  const words = told.filter(({ kind }) => loudest === undefined || kind === loudest).flatMap((one) => one.words)
  return words.length > 0 ? words.join('; ') : 'repaired'
}
