/**
 * Folders that are held open while something is made in them, so that nobody can put another one, or a link to one, in
 * their place meanwhile. Node has no openat(2); a path below /proc/self/fd does the same.
 */
import { closeSync, constants, fstatSync, fsyncSync, lstatSync, mkdirSync, openSync, readlinkSync } from 'node:fs'
import { isErrno } from './system-errors.js'

/** O_PATH (include/uapi/asm-generic/fcntl.h): it asks for no permission to read. */
const onlyPlace = 0o10000000
const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants

/** Links on one path (MAXSYMLINKS of the kernel, include/linux/namei.h). */
const mostLinks = 40

export interface HeldFolder {
  /** The path of something in it. */
  of(name: string): string
  /** Puts the names in it on the disk. */
  sync(): void
}

/**
 * Opens a folder for as long as `use` takes. A link on the way is followed only where nobody but root and this user
 * could have put it: the folders' owners may not lead root elsewhere. (fs.protected_symlinks is about sticky folders
 * only.) Throws the system's error, or LinkRefused.
 */
export function withFolder<Result>(path: string, use: (folder: HeldFolder) => Result): Result {
  const descriptor = openFolder(path)
  try {
    return use({ of: (name) => within(descriptor, name), sync: () => syncFolder(descriptor) })
  } finally {
    closeSync(descriptor)
  }
}

/** Makes a folder in one that is there, to stay after a power cut; nothing where there is one already. */
export function makeFolder(folder: HeldFolder, name: string): void {
  try {
    mkdirSync(folder.of(name), { mode: 0o755 })
    folder.sync()
  } catch (cause) {
    if (!isErrno(cause, 'EEXIST')) throw cause
  }
}

/** A link that another user can have put on the way. */
export class LinkRefused extends Error {}

function openFolder(path: string): number {
  const names = path.split('/')
  let folder = openSync(path.startsWith('/') ? '/' : '.', onlyPlace | O_DIRECTORY)
  let links = 0
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    if (name === '') continue
    const parent = folder
    try {
      const target = linkAt(parent, name)
      if (target === undefined) folder = openSync(within(parent, name), onlyPlace | O_DIRECTORY | O_NOFOLLOW)
      else {
        links += 1
        if (links > mostLinks) throw new LinkRefused('its path has too many symbolic links')
        names.unshift(...target.split('/'))
        folder = openSync(target.startsWith('/') ? '/' : within(parent, '.'), onlyPlace | O_DIRECTORY)
      }
    } finally {
      closeSync(parent)
    }
  }
  return folder
}

/** Where a link leads; undefined for what is none. */
function linkAt(folder: number, name: string): string | undefined {
  const path = within(folder, name)
  const link = lstatSync(path)
  if (!link.isSymbolicLink()) return undefined
  const { uid, mode } = fstatSync(folder)
  // In a sticky folder, nobody can move another user's link.
  const isSafe = isTrusted(uid) && ((mode & 0o022) === 0 || ((mode & 0o1000) !== 0 && isTrusted(link.uid)))
  if (!isSafe) throw new LinkRefused(`its path leads through ${name}, a symbolic link of user ${link.uid}`)
  return readlinkSync(path)
}

function isTrusted(user: number): boolean {
  return user === 0 || user === process.geteuid?.()
}

function within(descriptor: number, name: string): string {
  return `/proc/self/fd/${descriptor}/${name}`
}

/** Some file systems cannot do that for folders, and who may only write to a folder cannot either. */
function syncFolder(descriptor: number): void {
  try {
    const readable = openSync(within(descriptor, '.'), O_RDONLY | O_DIRECTORY)
    try {
      fsyncSync(readable)
    } finally {
      closeSync(readable)
    }
  } catch (cause) {
    if (!['EINVAL', 'ENOTSUP', 'EACCES'].some((code) => isErrno(cause, code))) throw cause
  }
}
