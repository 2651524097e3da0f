/**
 * Locks for the whole network namespace, which the kernel frees however their holder ends: a socket of a netlink
 * protocol without anything of the kernel's on it, at a port of choice, in a multicast group. Anybody may have the port,
 * but the group only who may change the network (CAP_NET_ADMIN; netlink_bind in net/netlink/af_netlink.c). So who is in
 * the group has the lock, and who only has the port is in nobody's way.
 */
import { closeSync, fstatSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { linkGroup } from '../core/creation.js'
import { FanError } from '../core/errors.js'
import { heed } from '../core/interruption.js'
import { netlinkSockets } from './descriptors.js'
import { openNetlink, SystemCallError } from './libc.js'

/** NETLINK_USERSOCK (include/uapi/linux/netlink.h). */
const protocol = 2

interface Lock {
  /** Of two that come at the same time the kernel lets one have the port. */
  readonly port: number
  /** As a bit. */
  readonly group: number
}

const changing: Lock = { port: linkGroup, group: 1 }
const monitoring: Lock = { port: linkGroup + 1, group: 2 }

/** A port that the kernel chooses. */
const anyPort = 0

/** A whole `up` takes well under a second, a stuck dnsmasq some seconds. */
const patience = 60_000
const pause = 50
/** Milliseconds until a person would like to know what is going on. */
const noteAfter = 1000

export interface Waiting {
  /** False: only if nobody has the lock now. */
  readonly wait?: boolean
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined
  /** Is told once who has the lock, if it takes long. */
  readonly note?: ((holder: string) => void) | undefined
}

/** Tells who has one of some sockets, by inode. */
type HolderOf = (inodes: ReadonlySet<string>) => string | undefined

/**
 * Waits for the lock and returns what frees it. Throws LOCKED, BUSY, INTERRUPTED, or SystemCallError if there can be no
 * more sockets.
 */
export async function lockNamespace(
  holderOf: HolderOf,
  { wait = true, signal, note }: Waiting = {},
): Promise<() => void> {
  const holder = () => holderOf(holdersOf(changing)) ?? 'another fanctl'
  const deadline = performance.now() + patience
  let noteDue = performance.now() + noteAfter
  for (;;) {
    const release = take(changing)
    if (release) return release
    if (!wait) throw new FanError('LOCKED', { holder: holder() })
    heed(signal)
    const now = performance.now()
    if (now >= deadline) throw new FanError('BUSY', { holder: holder(), seconds: patience / 1000 })
    if (now >= noteDue) {
      noteDue = Number.POSITIVE_INFINITY
      note?.(holder())
    }
    // Two that keep meeting would never get it.
    await sleep(pause * (0.5 + Math.random()), undefined, { signal }).catch(() => heed(signal))
  }
}

/** Sees to it that one monitor at most keeps the fans of this namespace. Throws MONITOR_RUNNING or SystemCallError. */
export function claimMonitor(holderOf: HolderOf): () => void {
  const release = take(monitoring)
  if (!release) throw new FanError('MONITOR_RUNNING', { holder: holderOf(holdersOf(monitoring)) ?? 'another fanctl' })
  return release
}

/**
 * What frees the lock again; undefined if somebody else has it. The socket comes first and the look at others after
 * that, so of two at the same time each sees the other: both could give way, but never both go on.
 */
function take(lock: Lock): (() => void) | undefined {
  if (holdersOf(lock).size > 0) return undefined
  const descriptor = join(lock)
  if (descriptor === undefined) return undefined
  const own = String(fstatSync(descriptor).ino)
  const others = [...holdersOf(lock)].filter((inode) => inode !== own)
  if (others.length === 0) return () => closeSync(descriptor)
  closeSync(descriptor)
  return undefined
}

/**
 * A socket with the port, or with another one if somebody has that who is not in the group. Who may not be in the group
 * may change nothing but files of his own, for which the port is enough. Undefined: somebody else has it.
 */
function join(lock: Lock): number | undefined {
  const { port, group } = lock
  try {
    return openNetlink(protocol, port, group)
  } catch (error) {
    if (isErrno(error, 'EPERM')) return joinWithout(port)
    if (!isErrno(error, 'EADDRINUSE')) throw error
    return holdersOf(lock).size > 0 ? undefined : openNetlink(protocol, anyPort, group)
  }
}

function joinWithout(port: number): number | undefined {
  try {
    return openNetlink(protocol, port, 0)
  } catch (error) {
    if (isErrno(error, 'EADDRINUSE')) return undefined
    throw error
  }
}

function isErrno(error: unknown, name: string): boolean {
  return error instanceof SystemCallError && error.errnoName === name
}

/** The sockets of those that have a lock, as inodes. */
function holdersOf({ group }: Lock): ReadonlySet<string> {
  const holders = netlinkSockets().filter((socket) => socket.protocol === protocol && (socket.groups & group) !== 0)
  return new Set(holders.map(({ inode }) => inode))
}
