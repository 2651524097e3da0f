/** `fanctl config list`, `show`, `set` and `unset`: the fan file, and the settings that are kept for its networks. */
import { type FileLine, isEnabled, parseFanFile } from '../../config/fan-file.js'
import { networksOf, sameNetworks } from '../../config/networks.js'
import { formatOptions, optionKeys } from '../../config/options.js'
import type { Paths } from '../../config/paths.js'
import { completeRequest, defaults, type FanOptions, type FanPlace, mergeOptions } from '../../config/request.js'
import { setSettings, unsetSettings } from '../../config/settings.js'
import { defaultBridge, defaultPort, defaultVni } from '../../core/fan.js'
import type { ConfigListView, ConfigSetView, ConfigShowNetworksView, ConfigShowView } from '../../results/config.js'
import { readWhole } from '../../services/files.js'
import { readFanFile } from './fan-file.js'
import { changeSettings, listSettings, readSettings, settingsPath } from './settings.js'

/** The networks of the fan file, then those of which only settings are kept. Throws FILE_UNUSABLE. */
export function listConfig(paths: Paths): ConfigListView {
  const { lines, problems } = readFanFile(paths)
  const kept = listSettings(paths)
  const settingsOf = (place: FanPlace) => kept.find((one) => one.place && sameNetworks(one.place, place))?.path ?? null
  const others = kept.filter(({ place }) => place && !lines.some((line) => sameNetworks(line, place)))
  return {
    format: 1,
    file: paths.config,
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
      ({ line, error }) => `line ${line} of ${paths.config} is invalid and not listed: ${error.message}`,
    ),
  }
}

function namesOf(place: FanPlace): { underlay: string; overlay: string } {
  const [underlay = '', overlay = ''] = networksOf(place).split(' ')
  return { underlay, overlay }
}

function stateOf(line: FileLine): 'enabled' | 'off' | 'not enabled' {
  if (line.off) return 'off'
  return isEnabled(line) ? 'enabled' : 'not enabled'
}

/** The files as they are, right or wrong. Throws FILE_UNUSABLE. */
export function showConfig(paths: Paths): ConfigShowView {
  return {
    format: 1,
    file: { path: paths.config, text: readWhole(paths.config) ?? null },
    settings: listSettings(paths).map(({ path, text }) => ({ path, text })),
    warnings: [],
  }
}

/** Every option for two networks, and what says so. Throws SETTINGS_INVALID, FILE_UNUSABLE or what is wrong with both together. */
export function showNetworks(paths: Paths, place: FanPlace): ConfigShowNetworksView {
  const kept = readSettings(paths, place)
  const line = lineFor(paths, place)
  const given = line?.options ?? {}
  const merged = mergeOptions(kept, given)
  const request = completeRequest(place, merged)
  const computed: FanOptions = {
    ...defaults,
    bridge: defaultBridge(place.overlay),
    ...(request.encapsulation === 'vxlan' && { vni: defaultVni(place.overlay), port: defaultPort }),
    enable: line !== undefined && isEnabled(line),
  }
  const options = Object.entries(optionKeys).map(([option, key]): ConfigShowNetworksView['options'][number] => {
    const value = merged[key] ?? computed[key] ?? null
    if (line && (given[key] !== undefined || (key === 'enable' && kept.enable === undefined && value)))
      return { option, value, from: 'file', place: `${paths.config}:${line.line}` }
    if (merged[key] !== undefined) return { option, value, from: 'settings', place: settingsPath(paths, place) }
    return { option, value, from: 'default', place: null }
  })
  return {
    format: 1,
    ...namesOf(place),
    line: line?.line ?? null,
    state: line ? stateOf(line) : null,
    options,
    warnings: [],
  }
}

/** The line that `up -a` uses for two networks, if there is one; otherwise one that is not enabled. */
function lineFor(paths: Paths, place: FanPlace): FileLine | undefined {
  const own = readFanFile(paths).lines.filter((line) => sameNetworks(line, place))
  return own.find(isEnabled) ?? own[0]
}

/** Keeps options for two networks, if they fit each other and the fan file. Throws what is wrong with them. */
export function setConfig(paths: Paths, place: FanPlace, options: FanOptions): ConfigSetView {
  return change(paths, place, (text) => setSettings(text, options))
}

/** Forgets options for two networks, or all of them. Throws what is wrong with the rest without them. */
export function unsetConfig(paths: Paths, place: FanPlace, names: readonly (keyof FanOptions)[]): ConfigSetView {
  return change(paths, place, names.length === 0 ? undefined : (text) => unsetSettings(text, names))
}

function change(paths: Paths, place: FanPlace, edit: ((text: string) => string) | undefined): ConfigSetView {
  const lines = parseFanFile(readWhole(paths.config) ?? '').lines.filter((line) => sameNetworks(line, place))
  const changed = changeSettings(paths, place, edit, (options) => {
    for (const given of [{}, ...lines.map((line) => line.options)]) completeRequest(place, mergeOptions(options, given))
  })
  const kept = readSettings(paths, place)
  const hidden = lines.flatMap((line) =>
    Object.entries(optionKeys)
      .filter(
        ([, key]) => kept[key] !== undefined && line.options[key] !== undefined && kept[key] !== line.options[key],
      )
      .map(([option]) => `line ${line.line} of ${paths.config} sets ${option} differently and takes precedence`),
  )
  return {
    format: 1,
    changed,
    path: settingsPath(paths, place),
    options: formatOptions(kept),
    warnings: hidden,
  }
}
