/** The netlink package does not show the file descriptors of its sockets, so they are found in /proc. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** The netlink sockets of this network namespace that have a port of a protocol, as inodes. */
export function netlinkSocketsOn(protocol: number, port: number): ReadonlySet<string> {
  const rows = readFileSync('/proc/net/netlink', 'utf8')
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
    .filter((fields) => fields[1] === String(protocol) && fields[2] === String(port))
  return new Set(rows.flatMap((fields) => fields.at(-1) ?? []))
}

/** The descriptor of a netlink socket of this process, by its port; undefined where /proc does not show it. */
export function descriptorOf(protocol: number, port: number): number | undefined {
  const targets = new Set([...netlinkSocketsOn(protocol, port)].map((inode) => `socket:[${inode}]`))
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
