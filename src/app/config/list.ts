/** `fanctl config list`: the networks of the fan file, and those of which settings are kept. */
import { type LineState, stateOf } from '../../config/fan-file.js'
import { sameNetworks } from '../../config/networks.js'
import type { NamedNetworks } from '../../core/networks.js'
import type { Files } from '../ports/files.js'
import { readFanFile } from './fan-file.js'
import { listSettings } from './settings.js'

export interface ConfigList {
  /** Of the fan file. */
  readonly path: string
  readonly fans: readonly ListedFan[]
  readonly warnings: readonly string[]
}

export interface ListedFan {
  readonly networks: NamedNetworks
  /** Of the fan file, as is the state. Undefined: only settings are kept. */
  readonly line: number | undefined
  readonly state: LineState | undefined
  /** The path of the kept settings. */
  readonly settings: string | undefined
}

/** The networks of the fan file, then those of which only settings are kept. Throws FILE_UNUSABLE. */
export function listConfig(files: Files): ConfigList {
  const { lines, problems } = readFanFile(files)
  const kept = listSettings(files)
  const settingsOf = (networks: NamedNetworks) =>
    kept.find((one) => one.place && sameNetworks(one.place, networks))?.path
  const others = kept.filter(({ place }) => place && !lines.some((line) => sameNetworks(line, place)))
  return {
    path: files.paths.config,
    fans: [
      ...lines.map((line) => ({
        networks: line,
        line: line.line,
        state: stateOf(line),
        settings: settingsOf(line),
      })),
      ...others.flatMap(({ place, path }) =>
        place ? [{ networks: place, line: undefined, state: undefined, settings: path }] : [],
      ),
    ],
    warnings: problems.map(
      ({ line, error }) => `line ${line} of ${files.paths.config} is invalid and not listed: ${error.message}`,
    ),
  }
}
