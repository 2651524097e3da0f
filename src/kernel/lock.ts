/**
 * A lock for the whole network namespace. A netlink socket can be bound to a port of choice, ports are unique within a
 * namespace, and the kernel frees them when a process ends, however it ends. So there is no lock file to go stale.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { RawNetlinkSocket } from 'netlink/dist/raw.js'
import { linkGroup } from '../core/describe.js'
import { FanError } from '../core/errors.js'
import { netlinkSocketsOn } from './descriptors.js'

/** NETLINK_USERSOCK: a protocol without anything of the kernel's on it. */
const protocol = 2
const lockPort = linkGroup
const monitorPort = linkGroup + 1

/** A whole `up` takes well under a second, a stuck dnsmasq some seconds. */
const patience = 60_000
const pause = 50
/** Milliseconds until a person would like to know what is going on. */
const noteAfter = 1000

export interface Waiting {
  /** False: only if nobody has the lock now. */
  readonly wait?: boolean
  /** Names a signal to stop waiting for. */
  readonly interrupted?: (() => string | undefined) | undefined
  /** Is told once who has the lock, if it takes long. */
  readonly note?: ((holder: string) => void) | undefined
}

/**
 * Waits for the lock and returns what frees it. `holderOf` tells who has a socket. Throws LOCKED, BUSY or INTERRUPTED.
 */
export async function lockNamespace(
  holderOf: (inodes: ReadonlySet<string>) => string | undefined,
  { wait = true, interrupted, note }: Waiting = {},
): Promise<() => void> {
  const holder = () => holderOf(netlinkSocketsOn(protocol, lockPort)) ?? 'another fanctl'
  for (let waited = 0; ; waited += pause) {
    const release = take(lockPort)
    if (release) return release
    if (!wait) throw new FanError('LOCKED', { holder: holder() })
    const signal = interrupted?.()
    if (signal) throw new FanError('INTERRUPTED', { signal })
    if (waited >= patience) throw new FanError('BUSY', { holder: holder(), seconds: patience / 1000 })
    if (waited === noteAfter) note?.(holder())
    await sleep(pause)
  }
}

/** Sees to it that one monitor at most keeps the fans of this namespace. Throws MONITOR_RUNNING. */
export function claimMonitor(holderOf: (inodes: ReadonlySet<string>) => string | undefined): () => void {
  const release = take(monitorPort)
  if (!release)
    throw new FanError('MONITOR_RUNNING', {
      holder: holderOf(netlinkSocketsOn(protocol, monitorPort)) ?? 'another fanctl',
    })
  return release
}

/** What frees the port again; undefined if somebody else has it. */
function take(port: number): (() => void) | undefined {
  try {
    const socket = new RawNetlinkSocket(protocol, { localPort: port } as never)
    socket.unref()
    return () => socket.close()
  } catch (cause) {
    if (cause instanceof Error && /EADDRINUSE|in use/i.test(`${cause} ${'code' in cause && cause.code}`))
      return undefined
    throw cause
  }
}
