/** One effect on a host, as data with before and after, so that undoing it is a swap and not a memory. */
import type { Address, DhcpServer, Filter, Firewall, Link, Neighbour, Route } from './state.js'

/** What of a link can change while it exists. An empty `bridge` detaches it, an empty `alias` clears it. */
export interface LinkTraits {
  readonly mac?: string
  readonly mtu?: number
  readonly alias?: string
  readonly bridge?: string
  readonly up?: boolean
}

export interface LinkName {
  readonly name: string
  /** It is among the alternative names of the link. */
  readonly isAltname?: true
}

/** A file below the runtime folder. */
export interface NamedFile {
  readonly name: string
  readonly text: string
}

/** A setting by its path below /proc/sys. */
export interface Sysctl {
  readonly key: string
  readonly value: string
}

/** What a change can be about, and what each is like. */
export interface Objects {
  readonly file: NamedFile
  readonly firewall: Firewall
  readonly sysctl: Sysctl
  readonly link: Link
  readonly name: LinkName
  readonly vni: number
  /** The queue that tc filters hang on. */
  readonly clsact: true
  readonly filter: Filter
  readonly address: Address
  readonly traits: LinkTraits
  // All of one link at once: there may be thousands.
  readonly neighbours: readonly Neighbour[]
  readonly routes: readonly Route[]
  readonly server: DhcpServer
}

export type ObjectKind = keyof Objects

interface ChangeOf<Kind extends ObjectKind> {
  readonly object: Kind
  /** The link that it is, or is on; undefined: it is the whole host's. */
  readonly link?: string | undefined
  /** The bridge of the fan that it is for; undefined: several have it, or all, or none. */
  readonly owner?: string | undefined
  /** Undefined: it is not there. */
  readonly before?: Objects[Kind] | undefined
  readonly after?: Objects[Kind] | undefined
}

export type Change<Kind extends ObjectKind = ObjectKind> = { readonly [One in Kind]: ChangeOf<One> }[Kind]

/** What a change does, in the words of `ip` and `tc`. */
export function verbOf({ before, after }: Change): 'add' | 'set' | 'del' {
  if (before === undefined) return 'add'
  return after === undefined ? 'del' : 'set'
}

/** What a change is about, as it shall be; what goes, as it is. */
export function subjectOf<Kind extends ObjectKind>({ object, before, after }: ChangeOf<Kind>): Objects[Kind] {
  const value = after ?? before
  if (value === undefined) throw new Error(`a change of ${object} from nothing to nothing`)
  return value
}
