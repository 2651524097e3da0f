/**
 * Changes sorted by the thing that they mend. A bridge that was removed takes its address, its ports and its server with
 * it: all of that is one repair, to be done as a whole and told in one line. No repair needs a later one.
 */
import type { Change } from '../change.js'
import { commonOwnerOf } from '../objects/many.js'
import type { RepairKind } from '../objects/object.js'
import { typeOf } from '../objects/objects.js'
import { type Move, moveWords } from './move.js'
import { wordsFor } from './words.js'

export interface Repair {
  readonly kind: RepairKind
  /** What is mended, the same text each time, such as `link fan-250`. */
  readonly thing: string
  /** The fan that it is about; undefined: several, or all of them. */
  readonly bridge: string | undefined
  /** What is done, in words. */
  readonly what: string
  readonly steps: readonly Change[]
}

interface Thing {
  readonly kind: RepairKind
  readonly name: string
  /** The fan that follows its host, if that is what is done. */
  readonly move?: Move
}

/** All changes, each in one repair, in an order in which they can be done. */
export function repairsIn(changes: readonly Change[], moves: readonly Move[] = []): Repair[] {
  const repairs = new Map<string, Thing & { steps: Change[] }>()
  const context = contextOf(changes)
  for (const change of changes) {
    const thing = moveOf(change, moves) ?? thingOf(change, context)
    const text = `${thing.kind} ${thing.name}`.trim()
    const known = repairs.get(text)
    if (known) known.steps.push(change)
    else repairs.set(text, { ...thing, steps: [change] })
  }
  return [...repairs].map(([thing, { kind, move, steps }]) => ({
    kind,
    thing,
    bridge: commonOwnerOf(steps.filter(({ owner }) => owner !== undefined)),
    what: move ? moveWords(move) : wordsFor(steps),
    steps,
  }))
}

function moveOf({ object, owner }: Change, moves: readonly Move[]): Thing | undefined {
  const move = moves.find(({ to }) => owner === to.bridge || typeOf(object).repair.isOfAllFans)
  return move && { kind: 'underlay', name: move.to.bridge, move }
}

interface Context {
  readonly changes: readonly Change[]
  /**
   * The links that are made or come up again, which bring back what the kernel dropped with them, and whose they are:
   * nobody's, if fans share them.
   */
  readonly remade: ReadonlyMap<string, string | undefined>
  /** The links of which nothing but the MTU changes. */
  readonly resized: readonly Resize[]
}

interface Resize {
  readonly link: string
  readonly mtu: number
  readonly owner: string | undefined
}

function contextOf(changes: readonly Change[]): Context {
  return {
    changes,
    remade: new Map(
      changes
        .filter((change) => typeOf(change.object).repair.remakes?.(change))
        .map(({ link = '', owner }) => [link, owner]),
    ),
    resized: changes.flatMap((change) => {
      const mtu = typeOf(change.object).repair.onlyMtuOf?.(change)
      return mtu === undefined ? [] : { link: change.link ?? '', mtu, owner: change.owner }
    }),
  }
}

function thingOf(change: Change, context: Context): Thing {
  const { repair } = typeOf(change.object)
  const needed = repair.needs?.(change, context.changes)
  if (needed) return thingOf(needed, context)
  const { link } = change
  if (link !== undefined) {
    const root = rootOf(change, link, context)
    if (context.remade.has(root)) return { kind: 'link', name: root }
    const resize = context.resized.find((one) => one.link === link)
    if (resize && repair.followsMtu) return { kind: 'mtu', name: mtuNameOf(resize, context) }
  }
  return { kind: repair.kind, name: repair.nameOf?.(change) ?? link ?? '' }
}

/** A port of a bridge that is made again comes back with that, all of it if it is made again, too. */
function rootOf(change: Change, link: string, { remade }: Context): string {
  const isPort = typeOf(change.object).repair.attaches?.(change)
  const owner = remade.has(link) || !isPort ? remade.get(link) : change.owner
  return owner !== undefined && remade.has(owner) ? owner : link
}

/** A bridge and its tunnel have one MTU, and one that fans share that of the widest. */
function mtuNameOf({ link, mtu, owner }: Resize, { resized }: Context): string {
  return owner ?? resized.find((one) => one.mtu === mtu && one.owner !== undefined)?.owner ?? link
}
