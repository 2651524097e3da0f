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

/** Reads one program's configuration. `underlay` is what a person says of the underlay, if anything. */
export type Importer = (text: string, underlay: UnderlayReference | undefined) => Imported

/** `10.0.3.4/16`, `eth0/16` and `default/16` have their length in common. */
export function lengthOf(reference: UnderlayReference): number {
  return reference.kind === 'prefix' ? reference.prefix.length : reference.length
}

export function unknownImport(problem: string): FanError {
  return new FanError('IMPORT_UNKNOWN', { problem, sources: importSources })
}
