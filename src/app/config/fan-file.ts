/** The fan file of this host. */
import { type FanFile, parseFanFile } from '../../config/fan-file.js'
import type { Files } from '../ports/files.js'
import { readSettings } from './settings.js'

/** The fan file with the kept settings under its lines; no file is an empty one. Throws FILE_UNUSABLE. */
export function readFanFile(files: Files): FanFile {
  return parseFanFile(files.readWhole(files.paths.config) ?? '', (networks) => readSettings(files, networks))
}
