/** `fanctl config set` and `unset`: the settings that are kept for two networks, which have to fit the fan file. */
import { parseFanFile } from '../../config/fan-file.js'
import { sameNetworks } from '../../config/networks.js'
import { optionKeys } from '../../config/options.js'
import type { Paths } from '../../config/paths.js'
import { completeRequest, type FanOptions, type FanPlace, mergeOptions } from '../../config/request.js'
import { setSettings, unsetSettings } from '../../config/settings.js'
import { readWhole } from '../../services/files.js'
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
export function setConfig(paths: Paths, networks: FanPlace, options: FanOptions): ConfigChange {
  return change(paths, networks, (text) => setSettings(text, options))
}

/** Forgets options for two networks, or all of them. Throws what is wrong with the rest without them. */
export function unsetConfig(paths: Paths, networks: FanPlace, names: readonly (keyof FanOptions)[]): ConfigChange {
  return change(paths, networks, names.length === 0 ? undefined : (text) => unsetSettings(text, names))
}

function change(paths: Paths, networks: FanPlace, edit: ((text: string) => string) | undefined): ConfigChange {
  const lines = parseFanFile(readWhole(paths.config) ?? '').lines.filter((line) => sameNetworks(line, networks))
  const changed = changeSettings(paths, networks, edit, (options) => {
    for (const given of [{}, ...lines.map((line) => line.options)])
      completeRequest(networks, mergeOptions(options, given))
  })
  const kept = readSettings(paths, networks)
  const hidden = lines.flatMap((line) =>
    Object.entries(optionKeys)
      .filter(
        ([, key]) => kept[key] !== undefined && line.options[key] !== undefined && kept[key] !== line.options[key],
      )
      .map(([option]) => `line ${line.line} of ${paths.config} says otherwise about ${option}, and comes first`),
  )
  return { changed, path: settingsPath(paths, networks), options: kept, warnings: hidden }
}
