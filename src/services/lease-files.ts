/** The lease file of a bridge, which is dnsmasq's own while that runs, and the one beside it with what is set aside. */
import type { Pool } from '../core/fan-map.js'
import { type Lease, parseLeases } from '../dnsmasq-conf/leases.js'
import { sortLeases } from '../dnsmasq-conf/set-aside.js'
import { readOwn, removeFile } from './files.js'
import { writeWhole } from './whole-files.js'

/** The leases in a file, none where there is none. Throws as `readOwn`. */
export function readLeases(path: string): Lease[] {
  return parseLeases(readOwn(path) ?? '')
}

/**
 * Leaves in a lease file those of a pool, and sets others aside; to be done while no server runs. Each is in one file
 * before it leaves the other, so whoever is killed between loses none. Throws as `readOwn` and `writeWhole`.
 */
export function setAside(path: string, pool: Pool): void {
  const beside = `${path}.aside`
  const stored = readOwn(path)
  const kept = readKept(beside)
  const { current, aside, returning } = sortLeases(stored ?? '', kept, pool, new Date())
  if (aside + returning !== kept && aside !== kept) writeWhole(beside, aside + returning)
  if (current !== stored) writeWhole(path, current)
  if (aside === '' && kept !== '') removeFile(beside)
  if (aside !== '' && returning !== '') writeWhole(beside, aside)
}

/** What is set aside is of use, and not needed: a file that cannot be read keeps no server from starting. */
function readKept(path: string): string {
  try {
    return readOwn(path) ?? ''
  } catch {
    return ''
  }
}
