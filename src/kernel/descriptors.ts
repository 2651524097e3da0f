/** What /proc tells of netlink sockets. The netlink package does not show the file descriptors of its own, and there they are. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { RawNetlinkSocket } from 'netlink/dist/raw.js'

/**
 * A socket with a port that the kernel chooses. The package would try a hundred that follow from the number of this
 * process, which any user can take before it starts. Throws the system's error.
 */
export function openRawSocket(protocol: number): RawNetlinkSocket {
  return new RawNetlinkSocket(protocol, { localPort: 0 } as never)
}

export interface NetlinkSocketRow {
  readonly protocol: number
  readonly port: number
  /** The first 32 multicast groups that it is in, as bits. */
  readonly groups: number
  readonly inode: string
}

/** The netlink sockets of this network namespace. Throws the system's error. */
export function netlinkSockets(): NetlinkSocketRow[] {
  const [, ...rows] = readFileSync('/proc/net/netlink', 'utf8').trimEnd().split('\n')
  return rows.map((row) => {
    const [, protocol, port, groups = '', ...rest] = row.trim().split(/\s+/)
    return {
      protocol: Number(protocol),
      port: Number(port),
      groups: Number.parseInt(groups, 16),
      inode: rest.at(-1) ?? '',
    }
  })
}

/** The descriptor of a netlink socket of this process, by its port; undefined where /proc does not show it. Throws the system's error. */
export function descriptorOf(protocol: number, port: number): number | undefined {
  const own = netlinkSockets().filter((socket) => socket.protocol === protocol && socket.port === port)
  const targets = new Set(own.map(({ inode }) => `socket:[${inode}]`))
  const name = readdirSync('/proc/self/fd').find((one) => targets.has(targetOf(one)))
  return name === undefined ? undefined : Number(name)
}

/** Empty for one that was closed while we looked. */
function targetOf(descriptor: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`)
  } catch {
    return ''
  }
}
