/** Files that are written whole or not at all, wherever they are and whoever else can write there. */
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  opendirSync,
  openSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname } from 'node:path'
import { unusable } from './files.js'
import { makeFolder, withFolder } from './folders.js'
import { statReplaceable } from './regular.js'

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants

/** Of a file that was not there before. */
const newMode = 0o644

/**
 * Writes beside and renames, so that nobody ever reads half a file, not even after a power cut. Makes the folder itself,
 * none above it. What is there is replaced if it is a regular file, and its mode and owner are kept; its access control
 * list and extended attributes, which Node cannot read, are not. Throws FILE_UNUSABLE or FILE_NOT_REGULAR.
 */
export function writeWhole(path: string, text: string): void {
  try {
    ensureFolder(dirname(path))
    withFolder(dirname(path), (folder) => {
      const place = folder.of(basename(path))
      const found = statReplaceable(path, place)
      const beside = folder.of(`${basename(path)}.${process.pid}.${randomBytes(8).toString('hex')}.new`)
      const descriptor = openSync(beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
      try {
        fill(descriptor, text, found)
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

/** The bits that make a program run as its owner are not for texts: another user could have put a link to one there. */
function fill(descriptor: number, text: string, found: Stats | undefined): void {
  try {
    writeFileSync(descriptor, text)
    if (found && !sameOwner(found, fstatSync(descriptor))) fchownSync(descriptor, found.uid, found.gid)
    fchmodSync(descriptor, found ? found.mode & 0o777 : newMode)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function sameOwner(a: Stats, b: Stats): boolean {
  return a.uid === b.uid && a.gid === b.gid
}

/** Makes a folder, none above it. Throws FILE_UNUSABLE. */
export function ensureFolder(path: string): void {
  try {
    if (!existsSync(path)) withFolder(dirname(path), (parent) => makeFolder(parent, basename(path)))
  } catch (cause) {
    throw unusable(path, cause)
  }
}

/** Writes a file of the administrator's: where it is a link, the file that it leads to. Throws as `writeWhole`. */
export function rewriteWhole(path: string, text: string): void {
  try {
    writeWhole(existsSync(path) ? realpathSync(path) : path, text)
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
