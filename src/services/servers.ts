/**
 * Which processes are servers of ours. Anybody can give a process any name and any words on its command line, run the
 * same program, and take a server's user, where that is one that others run as, too. What nobody can give himself, as
 * a user who is not root, is CAP_NET_ADMIN over this network namespace. dnsmasq keeps it for DHCP when it drops to its
 * user, and whoever can do the same can change the fans anyway.
 *
 * All but the executable can be read of any process, without root and without CAP_SYS_PTRACE, which containers lack. Who
 * owns the files in /proc/PID says nothing: a process can make them root's (PR_SET_DUMPABLE in prctl(2)).
 */
import { readFileSync, readlinkSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { holdsNetAdmin, nameOf, processIds, wordsOf } from './processes.js'

export interface Server {
  readonly id: number
  /** What follows the program's name on its command line. */
  readonly words: readonly string[]
}

/** The processes that serve this network namespace with a program, by the right to change it. */
export function findServers(program: string): Server[] {
  return processIds().flatMap((id) => serverOf(program, id) ?? [])
}

/** The server that a process is; undefined: it is none, or not any more. */
export function serverOf(program: string, id: number): Server | undefined {
  try {
    const isOurs =
      nameOf(id) === program &&
      networkOf(id) === networkOf('self') &&
      holdsNetAdmin(id) &&
      hasDropped(id) &&
      usersOf(id) === usersOf('self') &&
      hasExecutable(id, program)
    return isOurs ? { id, words: wordsOf(id) } : undefined
  } catch {
    // It ended meanwhile, or /proc hides it.
    return undefined
  }
}

/**
 * Whether this process sees others' processes. /proc can hide them from all but some (hidepid in proc(5)): who is not
 * found may be there then.
 */
export function seesProcesses(): boolean {
  try {
    readFileSync('/proc/1/status')
    return true
  } catch {
    return false
  }
}

/**
 * A number for the network namespace of a process: that of a file which the kernel makes for each of them (fs/proc/
 * proc_net.c). The link /proc/PID/ns/net is for those who may trace the process.
 */
function networkOf(id: number | 'self'): number {
  return statSync(`/proc/${id}/net/dev`).ino
}

/**
 * The users that a process can be, which tell its user namespace from this one: in one of his own anybody has all
 * capabilities, and none of them counts here, but nobody gets all of this one's users into it.
 */
function usersOf(id: number | 'self'): string {
  return readFileSync(`/proc/${id}/uid_map`, 'utf8')
}

/**
 * Whether a process is some user for good and not root. A program with the set-user-ID bit is root, or whoever started
 * it, or both in part; and it can be kept waiting under any name, where it prints to a pipe that nobody reads.
 */
function hasDropped(id: number): boolean {
  const [user, ...others] = usersIn(readFileSync(`/proc/${id}/status`, 'utf8'))
  return user !== undefined && user !== '0' && others.every((other) => other === user)
}

/** The real, effective, saved and file system user. */
function usersIn(status: string): string[] {
  return status.match(/^Uid:\s*(.+)$/m)?.[1]?.split(/\s+/) ?? []
}

/**
 * Keeps out other programs that may change the network by file capabilities (capabilities(7)), and were started under
 * the name of ours. Where it cannot be read the rest has to do. An upgrade leaves running servers without their file.
 */
function hasExecutable(id: number, program: string): boolean {
  let path: string
  try {
    path = readlinkSync(`/proc/${id}/exe`)
  } catch {
    return true
  }
  return basename(path.replace(/ \(deleted\)$/, '')) === program
}
