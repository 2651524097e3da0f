/** `fanctl config set` and `unset`: the settings that are kept for two networks, which have to fit the fan file. */
import { parseFanFile } from '../../config/fan-file.js'
import { sameNetworks } from '../../config/networks.js'
import type { FanOptions, OptionKey } from '../../config/options/rows.js'
import { optionKeys } from '../../config/options/words.js'
import { completeRequest, mergeOptions } from '../../config/request.js'
import { setSettings, unsetSettings } from '../../config/settings.js'
import type { FanNetworks } from '../../core/networks.js'
import type { Files } from '../ports/files.js'
import { changeSettings, readSettings, settingsPath } from './settings.js'

export interface ConfigChange {
  readonly changed: boolean
  /** Of the settings. */
  readonly path: string
  /** What is kept now. */
  readonly options: FanOptions
  readonly warnings: readonly string[]
}

/** Keeps options for two networks, if they fit each other and the fan file. Throws what is wrong with them. */
export function setConfig(files: Files, networks: FanNetworks, options: FanOptions): ConfigChange {
  return change(files, networks, (text) => setSettings(text, options))
}

/** Forgets options for two networks, or all of them. Throws what is wrong with the rest without them. */
export function unsetConfig(files: Files, networks: FanNetworks, keys: readonly OptionKey[]): ConfigChange {
  return change(files, networks, keys.length === 0 ? undefined : (text) => unsetSettings(text, keys))
}

function change(files: Files, networks: FanNetworks, edit: ((text: string) => string) | undefined): ConfigChange {
  const lines = parseFanFile(files.readWhole(files.paths.config) ?? '').lines.filter((line) =>
    sameNetworks(line, networks),
  )
  const changed = changeSettings(files, networks, edit, (options) => {
    for (const given of [{}, ...lines.map((line) => line.options)])
      completeRequest(networks, mergeOptions(options, given))
  })
  const kept = readSettings(files, networks)
  const hidden = lines.flatMap((line) =>
    [...optionKeys]
      .filter(
        ([, key]) => kept[key] !== undefined && line.options[key] !== undefined && kept[key] !== line.options[key],
      )
      .map(([option]) => `line ${line.line} of ${files.paths.config} sets ${option} differently and takes precedence`),
  )
  return { changed, path: settingsPath(files, networks), options: kept, warnings: hidden }
}
