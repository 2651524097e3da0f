/** `fanctl config list`, `show`, `set` and `unset`: the fan file, and the settings that are kept for its networks. */
import { type FileLine, isEnabled, parseFanFile } from '../../config/fan-file.js'
import { namesOf, sameNetworks } from '../../config/networks.js'
import type { FanOptions, OptionKey } from '../../config/options/rows.js'
import { formatOptions, optionKeys } from '../../config/options/words.js'
import { completeRequest, defaultsFor, mergeOptions } from '../../config/request.js'
import { setSettings, unsetSettings } from '../../config/settings.js'
import type { FanNetworks } from '../../core/networks.js'
import type { ConfigListView, ConfigSetView, ConfigShowNetworksView, ConfigShowView } from '../../results/config.js'
import type { Files } from '../ports/files.js'
import { readFanFile } from './fan-file.js'
import { changeSettings, listSettings, readSettings, settingsPath } from './settings.js'

/** The networks of the fan file, then those of which only settings are kept. Throws FILE_UNUSABLE. */
export function listConfig(files: Files): ConfigListView {
  const { lines, problems } = readFanFile(files)
  const kept = listSettings(files)
  const settingsOf = (networks: FanNetworks) =>
    kept.find((one) => one.place && sameNetworks(one.place, networks))?.path ?? null
  const others = kept.filter(({ place }) => place && !lines.some((line) => sameNetworks(line, place)))
  return {
    format: 1,
    file: files.paths.config,
    networks: [
      ...lines.map((line) => ({
        ...namesOf(line),
        line: line.line,
        state: stateOf(line),
        settings: settingsOf(line),
      })),
      ...others.flatMap(({ place, path }) =>
        place ? [{ ...namesOf(place), line: null, state: null, settings: path }] : [],
      ),
    ],
    warnings: problems.map(
      ({ line, error }) => `line ${line} of ${files.paths.config} is wrong, and not listed: ${error.message}`,
    ),
  }
}

function stateOf(line: FileLine): 'enabled' | 'off' | 'not enabled' {
  if (line.off) return 'off'
  return isEnabled(line) ? 'enabled' : 'not enabled'
}

/** The files as they are, right or wrong. Throws FILE_UNUSABLE. */
export function showConfig(files: Files): ConfigShowView {
  return {
    format: 1,
    file: { path: files.paths.config, text: files.readWhole(files.paths.config) ?? null },
    settings: listSettings(files).map(({ path, text }) => ({ path, text })),
    warnings: [],
  }
}

/** Every option for two networks, and what says so. Throws SETTINGS_INVALID, FILE_UNUSABLE or what is wrong with both together. */
export function showNetworks(files: Files, networks: FanNetworks): ConfigShowNetworksView {
  const kept = readSettings(files, networks)
  const line = lineFor(files, networks)
  const given = line?.options ?? {}
  const merged = mergeOptions(kept, given)
  const otherwise: FanOptions = {
    ...defaultsFor(completeRequest(networks, merged)),
    enable: line !== undefined && isEnabled(line),
  }
  const options = [...optionKeys].map(([option, key]): ConfigShowNetworksView['options'][number] => {
    const value = merged[key] ?? otherwise[key] ?? null
    if (line && (given[key] !== undefined || (key === 'enable' && kept.enable === undefined && value)))
      return { option, value, from: 'file', place: `${files.paths.config}:${line.line}` }
    if (merged[key] !== undefined) return { option, value, from: 'settings', place: settingsPath(files, networks) }
    return { option, value, from: 'default', place: null }
  })
  return {
    format: 1,
    ...namesOf(networks),
    line: line?.line ?? null,
    state: line ? stateOf(line) : null,
    options,
    warnings: [],
  }
}

/** The line that `up -a` uses for two networks, if there is one; otherwise one that is not enabled. */
function lineFor(files: Files, networks: FanNetworks): FileLine | undefined {
  const own = readFanFile(files).lines.filter((line) => sameNetworks(line, networks))
  return own.find(isEnabled) ?? own[0]
}

/** Keeps options for two networks, if they fit each other and the fan file. Throws what is wrong with them. */
export function setConfig(files: Files, networks: FanNetworks, options: FanOptions): ConfigSetView {
  return change(files, networks, (text) => setSettings(text, options))
}

/** Forgets options for two networks, or all of them. Throws what is wrong with the rest without them. */
export function unsetConfig(files: Files, networks: FanNetworks, keys: readonly OptionKey[]): ConfigSetView {
  return change(files, networks, keys.length === 0 ? undefined : (text) => unsetSettings(text, keys))
}

function change(files: Files, networks: FanNetworks, edit: ((text: string) => string) | undefined): ConfigSetView {
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
      .map(([option]) => `line ${line.line} of ${files.paths.config} says otherwise about ${option}, and comes first`),
  )
  return {
    format: 1,
    changed,
    path: settingsPath(files, networks),
    options: formatOptions(kept),
    warnings: hidden,
  }
}
