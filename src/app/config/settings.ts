/** The settings that are kept for the networks of fans, in the state folder: a file for each pair of networks. */
import { networksOfSettings, settingsName } from '../../config/networks.js'
import type { FanOptions } from '../../config/options/rows.js'
import { settingsFolder } from '../../config/paths.js'
import { parseSettings, type Settings } from '../../config/settings.js'
import { FanError } from '../../core/errors.js'
import type { FanNetworks } from '../../core/networks.js'
import type { Files } from '../ports/files.js'

export interface KeptSettings extends Settings {
  readonly path: string
  readonly text: string
  /** Undefined: the file is not named after two networks. */
  readonly place: FanNetworks | undefined
}

export function settingsPath(files: Files, networks: FanNetworks): string {
  return `${settingsFolder(files.paths)}/${settingsName(networks)}`
}

/** The options that are kept for two networks, none where there is no file. Throws SETTINGS_INVALID or FILE_UNUSABLE. */
export function readSettings(files: Files, networks: FanNetworks): FanOptions {
  const path = settingsPath(files, networks)
  return checked(path, parseSettings(files.readWhole(path) ?? ''))
}

function checked(path: string, { options, problems: [problem] }: Settings): FanOptions {
  if (!problem) return options
  const { line, column, error } = problem
  throw new FanError('SETTINGS_INVALID', { path, line, column, problem: error.message }, { cause: error })
}

/** All kept settings, with what is wrong with them. Throws FILE_UNUSABLE if the folder cannot be read. */
export function listSettings(files: Files): KeptSettings[] {
  const folder = settingsFolder(files.paths)
  return files.listFolder(folder, '.conf').map((name) => {
    const path = `${folder}/${name}`
    return { path, place: networksOfSettings(name), ...readOne(files, path) }
  })
}

/** One that cannot be read is wrong from its first character on. */
function readOne(files: Files, path: string): Settings & Pick<KeptSettings, 'text'> {
  try {
    const text = files.readWhole(path) ?? ''
    return { text, ...parseSettings(text) }
  } catch (error) {
    if (!(error instanceof FanError)) throw error
    return { text: '', options: {}, problems: [{ line: 1, column: 1, error }] }
  }
}

/**
 * Changes the settings of two networks, after `check` has looked at what they would be. No edit: forget all of them. A
 * file of which nothing is left is removed. Gives whether anything changed. Throws SETTINGS_INVALID, FILE_UNUSABLE or what `check` throws.
 */
export function changeSettings(
  files: Files,
  networks: FanNetworks,
  edit: ((text: string) => string) | undefined,
  check: (options: FanOptions) => void,
): boolean {
  const path = settingsPath(files, networks)
  const before = edit ? files.readForEdit(path) : (files.readWhole(path) ?? '')
  if (edit) checked(path, parseSettings(before))
  const after = edit?.(before) ?? ''
  if (after === before) return false
  check(checked(path, parseSettings(after)))
  if (after === '') files.removeFile(path)
  else {
    files.ensureFolder(files.paths.state)
    files.rewriteWhole(path, after)
  }
  return true
}
