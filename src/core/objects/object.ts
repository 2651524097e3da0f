/** What there is to know about a kind of object that fans have: one file each, all in the table of `objects.ts`. */
import type { Change, ObjectKind, Objects } from '../change.js'
import type { State } from '../state.js'

/** Which links go, and which are made anew. */
export interface Fate {
  readonly isGoing: (link: string) => boolean
  readonly isRemade: (link: string) => boolean
}

export interface ObjectType<Kind extends ObjectKind> {
  /** What `--json` calls the changes of it. Left out: as `add`. */
  readonly words: { readonly add: string; readonly set?: string; readonly del?: string }
  /** What of `actual` nothing wants, or cannot become what is wanted. Left out: it goes with its link, or never. */
  readonly obsolete?: (actual: State, desired: State, fate: Fate) => Partial<State>
  /** The changes that bring what is there to what is wanted; what has to go is gone. Left out: `link` sees to it. */
  readonly changes?: (wanted: State, found: State) => readonly Change[]
  /** The bridge of the fan that one is for, where it is not that of its link. `owners` are those of links. */
  readonly ownerOf?: (value: Objects[Kind], owners: ReadonlyMap<string, string>) => string | undefined
  /** The command lines that do what a change does. What has no such line is a comment. */
  readonly describe: (change: Change<Kind>) => string[]
  /** Whether undoing the change is nothing to do. */
  readonly isFinal?: (change: Change<Kind>) => boolean
  readonly repair: RepairPart<Kind>
}

/** What a repair can be of, as `monitor --json` says. */
export type RepairKind =
  | 'underlay'
  | 'link'
  | 'mtu'
  | 'vni'
  | 'steering'
  | 'address'
  | 'route'
  | 'firewall'
  | 'sysctl'
  | 'dhcp'
  | 'file'

/** What the monitor has to know. */
export interface RepairPart<Kind extends ObjectKind> {
  /** The kind of repair that mends one which nothing else is wrong with. */
  readonly kind: RepairKind
  /** Which one is mended. Left out: that of its link. */
  readonly nameOf?: (change: Change<Kind>) => string
  /** What changes of one repair do, in words. `all` are the other ones, too. */
  readonly tell: (changes: readonly Change<Kind>[], all: readonly Change[]) => string[]
  /** Whether its words tell the whole repair. */
  readonly tellsAll?: true
  /** Whether its link is there, or up, again with the change, which brings back what the kernel dropped with it. */
  readonly remakes?: (change: Change<Kind>) => boolean
  /** Whether it makes its link a port of a bridge. */
  readonly attaches?: (change: Change<Kind>) => boolean
  /** The MTU in bytes, if nothing else of its link changes. */
  readonly onlyMtuOf?: (change: Change<Kind>) => number | undefined
  /** Whether it changes when the MTU of its link does: IPv6 comes and goes at 1280 bytes, and DHCP tells the MTU. */
  readonly followsMtu?: true
  /** Whether all fans have a part in it, so that it changes when one of them moves. */
  readonly isOfAllFans?: true
  /** Another change that has to come first, with whatever that is mended. */
  readonly needs?: (change: Change<Kind>, all: readonly Change[]) => Change | undefined
}
