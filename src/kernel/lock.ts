/**
 * A lock for the whole network namespace. A netlink socket can be bound to a port of choice, ports are unique within a
 * namespace, and the kernel frees them when a process ends, however it ends. So there is no lock file to go stale.
 */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { RawNetlinkSocket } from 'netlink/dist/raw.js'
import { linkGroup } from '../core/describe.js'
import { FanError } from '../core/errors.js'

/** NETLINK_USERSOCK: a protocol without anything of the kernel's on it. */
const protocol = 2
const lockPort = linkGroup

/** A whole `up` takes well under a second, a stuck dnsmasq some seconds. */
const patience = 60_000
const pause = 50

/**
 * Waits for the lock. `holderOf` tells who has a socket, for the message; `interrupted` names a signal to stop waiting
 * for. Throws BUSY or INTERRUPTED.
 */
export async function lockNamespace(
  holderOf: (inodes: ReadonlySet<string>) => string | undefined,
  interrupted?: () => string | undefined,
): Promise<() => void> {
  for (let waited = 0; ; waited += pause) {
    try {
      const socket = new RawNetlinkSocket(protocol, { localPort: lockPort } as never)
      socket.unref()
      return () => socket.close()
    } catch (cause) {
      if (!(cause instanceof Error && /EADDRINUSE|in use/i.test(`${cause} ${'code' in cause && cause.code}`)))
        throw cause
      const signal = interrupted?.()
      if (signal) throw new FanError('INTERRUPTED', { signal }, { cause })
      if (waited < patience) await sleep(pause)
      else
        throw new FanError(
          'BUSY',
          { holder: holderOf(lockInodes()) ?? 'another fanctl', seconds: patience / 1000 },
          { cause },
        )
    }
  }
}

function lockInodes(): ReadonlySet<string> {
  const rows = readFileSync('/proc/net/netlink', 'utf8')
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
  return new Set(
    rows.flatMap((row) => (row[1] === String(protocol) && row[2] === String(lockPort) ? (row.at(-1) ?? '') : [])),
  )
}
