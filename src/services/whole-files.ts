/** Files that are written whole or not at all, wherever they are and whoever else can write there. */
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  opendirSync,
  openSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname } from 'node:path'
import { unusable } from './files.js'
import { makeFolder, withFolder } from './folders.js'
import { checkReplaceable } from './regular.js'

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants

/** What a new file is to be like. */
interface Nature {
  readonly mode: number
  /** Left out: whoever makes it. */
  readonly owner?: Pick<Stats, 'uid' | 'gid'>
}

/**
 * Writes beside and renames, so that nobody ever reads half a file, not even after a power cut. Makes the folder itself,
 * none above it. What is there is replaced if it is a regular file. Throws FILE_UNUSABLE or FILE_NOT_REGULAR.
 */
export function writeWhole(path: string, text: string, nature: Nature = { mode: 0o644 }): void {
  try {
    ensureFolder(dirname(path))
    withFolder(dirname(path), (folder) => {
      const place = folder.of(basename(path))
      checkReplaceable(path, place)
      const beside = folder.of(`${basename(path)}.${process.pid}.${randomBytes(8).toString('hex')}.new`)
      const descriptor = openSync(beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
      try {
        fill(descriptor, text, nature)
        renameSync(beside, place)
      } catch (cause) {
        rmSync(beside, { force: true })
        throw cause
      }
      folder.sync()
    })
  } catch (cause) {
    throw unusable(path, cause)
  }
}

function fill(descriptor: number, text: string, { mode, owner }: Nature): void {
  try {
    writeFileSync(descriptor, text)
    if (owner) fchownSync(descriptor, owner.uid, owner.gid)
    fchmodSync(descriptor, mode)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Makes a folder, none above it. Throws FILE_UNUSABLE. */
export function ensureFolder(path: string): void {
  try {
    if (!existsSync(path)) withFolder(dirname(path), (parent) => makeFolder(parent, basename(path)))
  } catch (cause) {
    throw unusable(path, cause)
  }
}

/**
 * Writes a file of the administrator's anew: where it is a link, the file that it leads to, and with the mode and the
 * owner that it has. Throws FILE_UNUSABLE or FILE_NOT_REGULAR.
 */
export function rewriteWhole(path: string, text: string): void {
  try {
    const found = statSync(path, { throwIfNoEntry: false })
    if (found) writeWhole(realpathSync(path), text, { mode: found.mode & 0o777, owner: found })
    else writeWhole(path, text)
  } catch (cause) {
    throw unusable(path, cause)
  }
}

/**
 * Removes what writers left that were killed before they could rename, and the folder if they had only just made it.
 * Writers that still run may yet rename. What cannot be removed stays: it is in nobody's way. In a folder
 * that others use, too, `start` tells which files are meant, and the folder stays.
 */
export function removeUnfinished(path: string, start = ''): void {
  let removed = 0
  try {
    const folder = opendirSync(path)
    try {
      for (let entry = folder.readSync(); entry; entry = folder.readSync()) {
        if (!entry.name.startsWith(start) || !isUnfinished(entry.name)) continue
        unlinkSync(`${path}/${entry.name}`)
        removed += 1
      }
    } finally {
      folder.closeSync()
    }
    if (removed > 0 && start === '') rmdirSync(path)
  } catch {
    // Not there, not empty or not to be written.
  }
}

function isUnfinished(name: string): boolean {
  const writer = name.match(/\.(\d+)\.[0-9a-f]{16}\.new$/)?.[1]
  return writer !== undefined && !existsSync(`/proc/${writer}`)
}
