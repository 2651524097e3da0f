/** The settings that are kept for the networks of fans, in the state folder: a file for each pair of networks. */
import { networksOfSettings, settingsName } from '../../config/networks.js'
import type { FanOptions } from '../../config/options/rows.js'
import { type Paths, settingsFolder } from '../../config/paths.js'
import { parseSettings, type Settings } from '../../config/settings.js'
import { FanError } from '../../core/errors.js'
import type { FanNetworks } from '../../core/networks.js'
import { listFolder, readForEdit, readWhole, removeFile } from '../../services/files.js'
import { ensureFolder, rewriteWhole } from '../../services/whole-files.js'

export interface KeptSettings extends Settings {
  readonly path: string
  readonly text: string
  /** Undefined: the file is not named after two networks. */
  readonly place: FanNetworks | undefined
}

export function settingsPath(paths: Paths, networks: FanNetworks): string {
  return `${settingsFolder(paths)}/${settingsName(networks)}`
}

/** The options that are kept for two networks, none where there is no file. Throws SETTINGS_INVALID or FILE_UNUSABLE. */
export function readSettings(paths: Paths, networks: FanNetworks): FanOptions {
  const path = settingsPath(paths, networks)
  return checked(path, parseSettings(readWhole(path) ?? ''))
}

function checked(path: string, { options, problems: [problem] }: Settings): FanOptions {
  if (!problem) return options
  const { line, column, error } = problem
  throw new FanError('SETTINGS_INVALID', { path, line, column, problem: error.message }, { cause: error })
}

/** All kept settings, with what is wrong with them. Throws FILE_UNUSABLE if the folder cannot be read. */
export function listSettings(paths: Paths): KeptSettings[] {
  const folder = settingsFolder(paths)
  return listFolder(folder, '.conf').map((name) => {
    const path = `${folder}/${name}`
    return { path, place: networksOfSettings(name), ...readOne(path) }
  })
}

/** One that cannot be read is wrong from its first character on. */
function readOne(path: string): Settings & Pick<KeptSettings, 'text'> {
  try {
    const text = readWhole(path) ?? ''
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
  paths: Paths,
  networks: FanNetworks,
  edit: ((text: string) => string) | undefined,
  check: (options: FanOptions) => void,
): boolean {
  const path = settingsPath(paths, networks)
  const before = edit ? readForEdit(path) : (readWhole(path) ?? '')
  if (edit) checked(path, parseSettings(before))
  const after = edit?.(before) ?? ''
  if (after === before) return false
  check(checked(path, parseSettings(after)))
  if (after === '') removeFile(path)
  else {
    ensureFolder(paths.state)
    rewriteWhole(path, after)
  }
  return true
}
