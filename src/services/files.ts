/** Text files that are written whole or not at all. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  watch,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { FanError } from '../core/errors.js'

/** Writes beside and renames, so that nobody ever reads half a file. Makes the folder itself, none above it. Throws FILE_UNUSABLE. */
export function writeWhole(path: string, text: string, mode = 0o644): void {
  const beside = `${path}.${process.pid}.new`
  try {
    makeFolder(dirname(path))
    writeFileSync(beside, text, { mode })
    renameSync(beside, path)
  } catch (cause) {
    rmSync(beside, { force: true })
    throw unusable(path, cause)
  }
}

/** Makes a folder, none above it. Throws FILE_UNUSABLE. */
export function ensureFolder(path: string): void {
  try {
    makeFolder(path)
  } catch (cause) {
    throw unusable(path, cause)
  }
}

/**
 * Writes a file of the administrator's anew: where it is a link, the file that it leads to, and with the mode that it
 * has. Throws FILE_UNUSABLE.
 */
export function rewriteWhole(path: string, text: string): void {
  try {
    const real = existsSync(path) ? realpathSync(path) : path
    writeWhole(real, text, existsSync(real) ? statSync(real).mode & 0o777 : undefined)
  } catch (cause) {
    throw cause instanceof FanError ? cause : unusable(path, cause)
  }
}

/** The text of a file that is to be written again, so that it must be text to the last byte. Throws FILE_UNUSABLE. */
export function readForEdit(path: string): string {
  const text = readWhole(path) ?? ''
  if (text.includes('\ufffd') && !readFileSync(path).equals(Buffer.from(text)))
    throw unusable(path, 'it is not UTF-8 text, and what cannot be read would be lost')
  return text
}

/**
 * Removes what writers left that were killed before they could rename, and the folder if they had only just made it.
 * Writers that still run may yet rename. What cannot be removed stays: it is in nobody's way. In a folder
 * that others use, too, `start` tells which files are meant.
 */
export function removeUnfinished(folder: string, start = ''): void {
  try {
    const left = readdirSync(folder).filter((name) => name.startsWith(start) && isUnfinished(name))
    for (const name of left) rmSync(`${folder}/${name}`)
    if (left.length > 0) rmdirSync(folder)
  } catch {
    // Not there, not empty or not to be written.
  }
}

function isUnfinished(name: string): boolean {
  const writer = name.match(/\.(\d+)\.new$/)?.[1]
  return writer !== undefined && !existsSync(`/proc/${writer}`)
}

/** Not recursively: Node never returns from that where a folder cannot be made, such as below /proc. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o755 })
  } catch (cause) {
    if (!isErrno(cause, 'EEXIST')) throw cause
  }
}

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

/** The text of a file, undefined where there is none. Throws FILE_UNUSABLE. */
export function readWhole(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    if (isErrno(cause, 'ENOENT') || isErrno(cause, 'ENOTDIR')) return undefined
    throw unusable(path, cause)
  }
}

/** In bytes; what fanctl writes is a thousand times smaller. */
const mostBytes = 1 << 20

/**
 * The text of a file of fanctl's own, undefined where there is none. Throws FILE_UNUSABLE, also for what is too large to
 * be one, without reading it.
 */
export function readSmall(path: string, most = mostBytes): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats && stats.size > most) throw unusable(path, new Error(`it has ${stats.size} bytes`))
  if (stats && !stats.isFile()) throw unusable(path, new Error('it is not a file'))
  return readWhole(path)
}

/** The text of a file that a person names. Throws FILE_UNUSABLE. */
export function readNamed(path: string): string {
  const text = readWhole(path)
  if (text === undefined) throw unusable(path, 'there is no such file')
  return text
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

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

function unusable(path: string, cause: unknown): FanError {
  const problem = cause instanceof Error ? cause.message : String(cause)
  return new FanError('FILE_UNUSABLE', { path, problem }, { cause })
}
