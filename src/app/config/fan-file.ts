/** The fan file of this host. */
import { type FanFile, parseFanFile } from '../../config/fan-file.js'
import type { Paths } from '../../config/paths.js'
import { readWhole } from '../../services/files.js'
import { readSettings } from './settings.js'

/** The fan file with the kept settings under its lines; no file is an empty one. Throws FILE_UNUSABLE. */
export function readFanFile(paths: Paths): FanFile {
  return parseFanFile(readWhole(paths.config) ?? '', (networks) => readSettings(paths, networks))
}
