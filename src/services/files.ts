/** The files and folders that fanctl reads and removes. It writes them in whole-files.ts. */
import { readdirSync, rmdirSync, rmSync, statSync, watch } from 'node:fs'
import { FanError } from '../core/errors.js'
import { isMissing, readRegular } from './regular.js'
import { isErrno, reasonOf } from './system-errors.js'

/**
 * Calls back after files of a folder have changed, without polling (inotify(7)), until the function that it returns is
 * called. Nothing is told about a folder that is not there, or not any more.
 */
export function watchFolder(path: string, onChange: () => void): () => void {
  try {
    const watcher = watch(path, onChange)
    watcher.on('error', () => watcher.close())
    return () => watcher.close()
  } catch {
    return () => {}
  }
}

/** Tells a folder from another one that takes its place. Undefined: there is none. */
export function identityOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino
}

/**
 * The text of a file of an administrator, undefined where there is none. A link is followed.
 * Throws FILE_UNUSABLE, FILE_NOT_REGULAR or FILE_TOO_LARGE.
 */
export function readWhole(path: string): string | undefined {
  return read(path, 'follow')?.toString()
}

/**
 * The text of a file that fanctl or a program of its own has made, undefined where there is none. Nobody had a reason to
 * make a link of it. Throws FILE_UNUSABLE, FILE_NOT_REGULAR or FILE_TOO_LARGE.
 */
export function readOwn(path: string): string | undefined {
  return read(path, 'refuse')?.toString()
}

/** The text of a file that a person names. Throws as `readWhole`. */
export function readNamed(path: string): string {
  const text = readWhole(path)
  if (text === undefined) throw unusable(path, 'there is no such file')
  return text
}

/** The text of a file that is to be written again, so that it must be text to the last byte. Throws as `readWhole`. */
export function readForEdit(path: string): string {
  const bytes = read(path, 'follow') ?? Buffer.alloc(0)
  const text = bytes.toString()
  if (!bytes.equals(Buffer.from(text))) throw unusable(path, 'it is not UTF-8 text; rewriting it would lose data')
  return text
}

function read(path: string, links: 'follow' | 'refuse'): Buffer | undefined {
  try {
    return readRegular(path, links)
  } catch (cause) {
    if (isMissing(cause)) return undefined
    throw unusable(path, cause)
  }
}

/** The names in a folder that end like this, none where there is no folder. Throws FILE_UNUSABLE. */
export function listFolder(path: string, ending: string): string[] {
  try {
    return readdirSync(path)
      .filter((name) => name.endsWith(ending))
      .sort()
  } catch (cause) {
    if (isErrno(cause, 'ENOENT')) return []
    throw unusable(path, cause)
  }
}

/** Removes a file that may be gone already. Throws FILE_UNUSABLE. */
export function removeFile(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch (cause) {
    throw unusable(path, cause)
  }
}

/** Removes a folder if nothing is in it. Throws FILE_UNUSABLE. */
export function removeIfEmpty(path: string): void {
  try {
    rmdirSync(path)
  } catch (cause) {
    if (!isErrno(cause, 'ENOENT') && !isErrno(cause, 'ENOTEMPTY') && !isErrno(cause, 'EBUSY'))
      throw unusable(path, cause)
  }
}

/** What went wrong with a file or folder, as FILE_UNUSABLE where nothing better has been said of it. */
export function unusable(path: string, cause: unknown): Error {
  return cause instanceof FanError
    ? cause
    : new FanError('FILE_UNUSABLE', { path, problem: reasonOf(cause) }, { cause })
}
