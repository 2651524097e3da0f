/** The netlink package does not show the file descriptors of its sockets, so they are found in /proc. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** The descriptor of a netlink socket of this process, by its port; undefined where /proc does not show it. */
export function descriptorOf(protocol: number, port: number): number | undefined {
  const row = readFileSync('/proc/net/netlink', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find((fields) => fields[1] === String(protocol) && fields[2] === String(port))
  const socket = `socket:[${row?.at(-1)}]`
  const name = readdirSync('/proc/self/fd').find((one) => targetOf(one) === socket)
  return name === undefined ? undefined : Number(name)
}

/** Undefined for one that was closed while we looked. */
function targetOf(descriptor: string): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`)
  } catch {
    return undefined
  }
}
