/** All kinds of objects that fans have, in the order in which they are made. They go in the reverse order. */
import { type Change, type ObjectKind, subjectOf, verbOf } from '../change.js'
import { address } from './address.js'
import { clsact } from './clsact.js'
import { file } from './file.js'
import { filter } from './filter.js'
import { firewall } from './firewall.js'
import { link } from './link.js'
import { name } from './name.js'
import { neighbours } from './neighbours.js'
import type { ObjectType } from './object.js'
import { routes } from './routes.js'
import { server } from './server.js'
import { sysctl } from './sysctl.js'
import { traits } from './traits.js'
import { vni } from './vni.js'

export const objects = {
  file,
  firewall,
  sysctl,
  link,
  name,
  vni,
  clsact,
  filter,
  address,
  traits,
  neighbours,
  routes,
  server,
} as const satisfies { readonly [Kind in ObjectKind]: ObjectType<Kind> }

/** What the table says of a kind. */
export function typeOf<Kind extends ObjectKind>(kind: Kind): ObjectType<Kind> {
  const table: { readonly [One in ObjectKind]: ObjectType<One> } = objects
  return table[kind]
}

/** What `--json` calls a change, such as `add-link`. */
export function kindOf(change: Change): string {
  const { words } = typeOf(change.object)
  return words[verbOf(change)] ?? words.add
}

/** The command lines that do what a change does, as a network engineer would type them. */
export function describe<Kind extends ObjectKind>(change: Change<Kind>): string[] {
  return typeOf<Kind>(change.object).describe(change)
}

/** The fan that what a change is about says it is for. `owners` are those of links. */
export function ownerOf<Kind extends ObjectKind>(
  change: Change<Kind>,
  owners: ReadonlyMap<string, string>,
): string | undefined {
  return typeOf<Kind>(change.object).ownerOf?.(subjectOf<Kind>(change), owners)
}

/** The change that undoes a change, undefined where nothing has to be done for that. */
export function invert<Kind extends ObjectKind>(change: Change<Kind>): Change<Kind> | undefined {
  if (typeOf<Kind>(change.object).isFinal?.(change)) return undefined
  return { ...change, before: change.after, after: change.before }
}

/** The changes that undo changes, last one first. */
export function invertAll(changes: readonly Change[]): Change[] {
  return [...changes].reverse().flatMap((change) => invert(change) ?? [])
}
