/**
 * Regular files, and nothing else: a pipe never ends, a device does something when it is opened, and a link leads where
 * whoever made it likes.
 */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs'
import { FanError } from '../core/errors.js'
import { isErrno } from './system-errors.js'

const { O_NOCTTY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants

/** Bytes. No file that fanctl reads is nearly as long. */
const largest = 16 * 1024 * 1024

/**
 * What is in a file. `path` is what it is called in errors. A link is followed or refused.
 * Throws FILE_NOT_REGULAR, FILE_TOO_LARGE or the system's error.
 */
export function readRegular(path: string, links: 'follow' | 'refuse'): Buffer {
  const isFollowed = links === 'follow'
  // Only looking tells what it is without opening it; what was looked at could be gone by now, so all is looked at again.
  checkRegular(path, isFollowed ? statSync(path) : lstatSync(path))
  const flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW
  const descriptor = openSync(isFollowed ? realpathSync(path) : path, flags)
  try {
    const found = fstatSync(descriptor)
    checkRegular(path, found)
    if (found.size > largest) throw new FanError('FILE_TOO_LARGE', { path, bytes: found.size, largest })
    return readAll(descriptor, path)
  } finally {
    closeSync(descriptor)
  }
}

/** As far as the limit, also if somebody is writing to it. */
function readAll(descriptor: number, path: string): Buffer {
  const parts: Buffer[] = []
  let bytes = 0
  for (;;) {
    const part = Buffer.alloc(64 * 1024)
    const count = readSync(descriptor, part)
    if (count === 0) return Buffer.concat(parts)
    bytes += count
    if (bytes > largest) throw new FanError('FILE_TOO_LARGE', { path, bytes, largest })
    parts.push(part.subarray(0, count))
  }
}

/** What a file is like that is to be replaced, `place` being where it is; undefined: there is none. Throws FILE_NOT_REGULAR. */
export function statReplaceable(path: string, place: string): Stats | undefined {
  const found = lstatSync(place, { throwIfNoEntry: false })
  if (found) checkRegular(path, found)
  return found
}

function checkRegular(path: string, found: Stats): void {
  const kind = kindOf(found)
  if (kind !== undefined) throw new FanError('FILE_NOT_REGULAR', { path, problem: `it is ${kind}, not a regular file` })
}

/** Undefined: a regular file. */
function kindOf(found: Stats): string | undefined {
  if (found.isFile()) return undefined
  if (found.isSymbolicLink()) return 'a symbolic link'
  if (found.isDirectory()) return 'a folder'
  if (found.isFIFO()) return 'a pipe'
  return found.isSocket() ? 'a socket' : 'a device'
}

/** Whether there is nothing by this name. */
export function isMissing(error: unknown): boolean {
  return isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')
}
