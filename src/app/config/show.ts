/** `fanctl config show`: the files as they are, or every option of a fan and what says so. */
import { type FileLine, isEnabled, type LineState, stateOf } from '../../config/fan-file.js'
import { sameNetworks } from '../../config/networks.js'
import type { FanOptions } from '../../config/options/rows.js'
import { optionKeys } from '../../config/options/words.js'
import { completeRequest, defaultsFor, mergeOptions } from '../../config/request.js'
import type { FanNetworks, NamedNetworks } from '../../core/networks.js'
import type { Files } from '../ports/files.js'
import { readFanFile } from './fan-file.js'
import { listSettings, readSettings, settingsPath } from './settings.js'

export interface ConfigFiles {
  /** The text is undefined where there is no such file. */
  readonly file: { readonly path: string; readonly text: string | undefined }
  readonly settings: readonly { readonly path: string; readonly text: string }[]
}

/** The files as they are, right or wrong. Throws FILE_UNUSABLE. */
export function showConfig(files: Files): ConfigFiles {
  return {
    file: { path: files.paths.config, text: files.readWhole(files.paths.config) },
    settings: listSettings(files).map(({ path, text }) => ({ path, text })),
  }
}

/** What may say what an option is: the last of them that does. */
export const optionSources = ['default', 'settings', 'file'] as const

export interface ShownOption {
  /** Its name for people. */
  readonly option: string
  /** Undefined: it follows the underlay, or the type of fan does not have it. */
  readonly value: FanOptions[keyof FanOptions]
  readonly from: (typeof optionSources)[number]
  /** The file that says so, and its line; undefined where none does, or where all of the file does. */
  readonly path?: string
  readonly line?: number
}

export interface NetworkOptions {
  readonly networks: NamedNetworks
  /** Of the fan file, as is the state. Undefined: it does not have these networks. */
  readonly line: number | undefined
  readonly state: LineState | undefined
  readonly options: readonly ShownOption[]
}

/** Every option for two networks, and what says so. Throws SETTINGS_INVALID, FILE_UNUSABLE or what is wrong with both together. */
export function showNetworks(files: Files, networks: FanNetworks): NetworkOptions {
  const kept = readSettings(files, networks)
  const line = lineFor(files, networks)
  const given = line?.options ?? {}
  const merged = mergeOptions(kept, given)
  const computed: FanOptions = {
    ...defaultsFor(completeRequest(networks, merged)),
    enable: line !== undefined && isEnabled(line),
  }
  const options = [...optionKeys].map(([option, key]): ShownOption => {
    const value = merged[key] ?? computed[key]
    if (line && (given[key] !== undefined || (key === 'enable' && kept.enable === undefined && value)))
      return { option, value, from: 'file', path: files.paths.config, line: line.line }
    if (merged[key] !== undefined) return { option, value, from: 'settings', path: settingsPath(files, networks) }
    return { option, value, from: 'default' }
  })
  return { networks, line: line?.line, state: line && stateOf(line), options }
}

/** The line that `up -a` uses for two networks, if there is one; otherwise one that is not enabled. */
function lineFor(files: Files, networks: FanNetworks): FileLine | undefined {
  const own = readFanFile(files).lines.filter((line) => sameNetworks(line, networks))
  return own.find(isEnabled) ?? own[0]
}
