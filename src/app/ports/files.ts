/** The port between use cases and files. The real one is in `linux/files.ts`; tests have one in memory. */
import type { Paths } from '../../config/paths.js'

/** All of it throws FILE_UNUSABLE, FILE_NOT_REGULAR or FILE_TOO_LARGE. */
export interface Files {
  /** Where fanctl's own are. */
  readonly paths: Paths
  /** The text of a file, undefined where there is none. */
  readWhole(path: string): string | undefined
  /** The text of a file that a person names, and that has to be there. */
  readNamed(path: string): string
  /** The text of a file that is to be written again, empty where there is none. It must be text to the last byte. */
  readForEdit(path: string): string
  /** The names in a folder that end like this, none where there is no folder. */
  listFolder(path: string, ending: string): string[]
  /** Writes all of a file or nothing. What is there is replaced, with its folder made, but none above it. */
  writeWhole(path: string, text: string): void
  /** The same for a file of the administrator's: links are followed, mode and owner stay. */
  rewriteWhole(path: string, text: string): void
  /** Makes a folder, none above it. */
  ensureFolder(path: string): void
  /** Removes a file that may be gone already. */
  removeFile(path: string): void
  /** Removes what killed writers left in a folder. `start` tells which files are meant. */
  removeUnfinished(folder: string, start: string): void
}
