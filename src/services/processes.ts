/** What /proc tells about processes and the sockets they hold. */
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { FanError } from '../core/errors.js'

/** What stands for the network namespace of a process; empty where this process may not look. */
export function namespaceOf(id: number | 'self'): string {
  try {
    return readlinkSync(`/proc/${id}/ns/net`)
  } catch {
    return ''
  }
}

/** What stands for the parts of /proc that are looked at: they can be hidden one by one. */
const neededOfProc = ['/proc/self/ns/net', '/proc/net/netlink', '/proc/sys/net']

/** Throws PROC_MISSING. What is not seen there would be taken for what is not there. */
export function checkProc(): void {
  const path = neededOfProc.find((one) => !existsSync(one))
  if (path !== undefined) throw new FanError('PROC_MISSING', { path })
}

/** CAP_NET_ADMIN (include/uapi/linux/capability.h), which root in a container may lack. */
const netAdmin = 12n

/** Whether the kernel lets a process change networks of its user namespace. Throws the system's error. */
export function holdsNetAdmin(id: number | 'self'): boolean {
  const effective = readFileSync(`/proc/${id}/status`, 'utf8').match(/^CapEff:\s*([0-9a-f]+)$/m)?.[1] ?? '0'
  return ((BigInt(`0x${effective}`) >> netAdmin) & 1n) === 1n
}

/** Who holds a socket, by its inode: `dnsmasq (process 812)`. */
export function holderOf(inodes: ReadonlySet<string>): string | undefined {
  for (const id of processIds()) {
    let descriptors: string[]
    try {
      descriptors = readdirSync(`/proc/${id}/fd`)
    } catch {
      continue
    }
    for (const descriptor of descriptors) {
      try {
        const inode = readlinkSync(`/proc/${id}/fd/${descriptor}`).match(/^socket:\[(\d+)\]$/)?.[1]
        if (inode && inodes.has(inode)) return `${nameOf(id)} (process ${id})`
      } catch {
        // Closed while we looked.
      }
    }
  }
  return undefined
}

/** The sockets of this network namespace that are bound to a UDP or TCP port, as inodes. */
export function socketsOn(port: number): ReadonlySet<string> {
  const inodes = new Set<string>()
  for (const protocol of ['udp', 'tcp'] as const)
    for (const family of ['', '6']) {
      let table: string
      try {
        table = readFileSync(`/proc/net/${protocol}${family}`, 'utf8')
      } catch {
        continue
      }
      for (const inode of socketsIn(table, protocol, port)) inodes.add(inode)
    }
  return inodes
}

/** TCP_LISTEN (include/net/tcp_states.h). A connection that was accepted has the same port, and does not hold it. */
const listening = '0A'

/** The same from the text of one table of /proc/net. */
export function socketsIn(table: string, protocol: 'udp' | 'tcp', port: number): string[] {
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return table
    .split('\n')
    .slice(1)
    .map((row) => row.trim().split(/\s+/))
    .filter(([, local, , state]) => local?.endsWith(end) && (protocol === 'udp' || state === listening))
    .flatMap((fields) => fields[9] ?? [])
}

/** Every process of this machine, or of its part that this one sees. */
export function processIds(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

/** What follows the program's name on a process's command line. Throws the system's error. */
export function wordsOf(id: number): string[] {
  return readFileSync(`/proc/${id}/cmdline`, 'utf8').split('\0').slice(1, -1)
}

/** The name of a process's program. */
export function nameOf(id: number): string {
  try {
    return readFileSync(`/proc/${id}/comm`, 'utf8').trim()
  } catch {
    return 'a process'
  }
}
