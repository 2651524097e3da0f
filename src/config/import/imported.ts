/** What comes out of the configuration of another program. */
import { FanError } from '../../core/errors.js'
import type { UnderlayReference } from '../../core/fan.js'
import type { NamedNetworks } from '../../core/networks.js'
import type { FanOptions } from '../options/rows.js'

export const importSources = ['flannel', 'lxd', 'juju', 'ubuntu-fan'] as const
export type ImportSource = (typeof importSources)[number]

export interface ImportedFan extends NamedNetworks {
  readonly options: FanOptions
}

export interface Imported {
  readonly fans: readonly ImportedFan[]
  /** What has no equivalent and why, a sentence each. */
  readonly notes: readonly string[]
}

/** A text as a whole, and as YAML. */
export interface Source {
  readonly text: string
  /** What its documents hold, lists of things one by one. Throws IMPORT_MALFORMED or IMPORT_UNKNOWN. */
  documents(): readonly unknown[]
}

/** One program's configuration. */
export interface Importer {
  /** Whether a text is this program's. Throws as `documents`. */
  knows(source: Source): boolean
  /** `underlay` is what a person says of the underlay, if anything. Throws IMPORT_UNKNOWN or what is wrong with a value. */
  read(source: Source, underlay: UnderlayReference | undefined): Imported
}

/** `10.0.3.4/16`, `eth0/16` and `default/16` have their length in common. */
export function lengthOf(reference: UnderlayReference): number {
  return reference.kind === 'prefix' ? reference.prefix.length : reference.length
}

export function unknownImport(problem: string): FanError {
  return new FanError('IMPORT_UNKNOWN', { problem, sources: importSources })
}

/** What a table says of a key of somebody else's, which can be `constructor`. */
export function entryOf(table: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}
