/**
 * From what a host should have and what it has to the changes between.
 *
 * There is one way to build: each kind of object brings what is there to what is wanted, and building from nothing is a
 * change of nothing. Taking down is the same changes backwards, so every change that `up` can make `down` can undo, and
 * no other. A change in place is preferred to a replacement: containers keep their connections.
 */
import type { Change, ObjectKind } from './change.js'
import { dropFiles, writeFiles } from './objects/file.js'
import { obsoleteLinks } from './objects/link.js'
import { giveNamesBack, withOwnNames } from './objects/name.js'
import type { Fate, ObjectType } from './objects/object.js'
import { invertAll, objects, ownerOf } from './objects/objects.js'
import { nothing, type State } from './state.js'

const types: readonly Pick<ObjectType<ObjectKind>, 'obsolete' | 'changes'>[] = Object.values(objects)

/**
 * The changes that turn `actual` into `desired`, in the order in which they are safe. Empty when nothing is to do.
 *
 * Files come first and go last: they say what was asked for, so a run that is killed halfway can be finished.
 */
export function plan(desired: State, found: State): Change[] {
  const actual = withOwnNames(found)
  const obsolete = obsoleteIn(actual, desired)
  const owners = new Map(
    desired.links.flatMap(({ name, owner }) => (owner === undefined ? [] : [[name, owner] as const])),
  )
  return [
    ...writeFiles(desired, actual),
    ...giveNamesBack(found),
    ...invertAll(changesTo(obsolete, nothing)),
    ...changesTo(desired, without(actual, obsolete)),
    ...dropFiles(desired, actual),
  ].map((change) => withOwner(change, owners))
}

/** Brings what is there to what is wanted. Whatever has to go is gone already. */
function changesTo(wanted: State, found: State): Change[] {
  return types.flatMap(({ changes }) => changes?.(wanted, found) ?? [])
}

/** What of `actual` has to go, either because nothing wants it or because it cannot become what is wanted. */
function obsoleteIn(actual: State, desired: State): State {
  const isAmong = (links: State['links'], name: string) => links.some((link) => link.name === name)
  const links = obsoleteLinks(actual, desired)
  const fate: Fate = {
    isGoing: (name) => isAmong(links, name),
    isRemade: (name) => isAmong(desired.links, name) && !isAmong(actual.links, name),
  }
  const parts = types.map(({ obsolete }) => obsolete?.(actual, desired, fate))
  return Object.assign({}, nothing, ...parts)
}

/** The lists of a state without what is in those of another. */
function without(actual: State, obsolete: State): State {
  const gone = new Set<unknown>(Object.values(obsolete).flatMap((part) => (Array.isArray(part) ? part : [])))
  const rest = (part: unknown) => (Array.isArray(part) ? part.filter((one) => !gone.has(one)) : part)
  return Object.fromEntries(Object.entries(actual).map(([key, part]) => [key, rest(part)])) as unknown as State
}

/** The fan of a change is that of its object, or else that of the link. */
function withOwner(change: Change, owners: ReadonlyMap<string, string>): Change {
  const owner = ownerOf(change, owners) ?? owners.get(change.link ?? '')
  return owner === undefined ? change : { ...change, owner }
}
