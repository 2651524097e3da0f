/**
 * Which leases a server begins with. dnsmasq takes all that are in its file, ends at once if there are more than its
 * maximum, and counts those of another slice against it for as long as they last. So its file gets those of its pool
 * only; the others are set aside, until a server of the bridge has a pool with them again or they are over.
 */
import type { Pool } from '../core/fan-map.js'
import { type Lease, parseLease } from './leases.js'

export interface Sorted {
  /** The file that dnsmasq reads. */
  readonly current: string
  /** What is set aside. */
  readonly aside: string
  /** What of `current` has been set aside so far. */
  readonly returning: string
}

/** Leases that are set aside at most. One that is needed again was given a short time ago. */
const mostAside = 4096

/** From the two files as they are, of whatever size and content, to what should be in them. */
export function sortLeases(stored: string, kept: string, pool: Pool, now: Date): Sorted {
  const isOver = ({ expires }: Lease) => expires !== undefined && expires <= now
  const isInPool = ({ address }: Lease) => address >= pool.first && address <= pool.last
  const known = rowsIn(stored).filter(({ lease }) => !isOver(lease))
  const old = rowsIn(kept).filter(({ lease }) => !isOver(lease))
  const given = unique(known.filter(({ lease }) => isInPool(lease)))
  const addresses = new Set(given.map(({ lease }) => lease.address))
  const clients = new Set(given.map(clientOf))
  // What was given since comes first.
  const returning = unique(old.filter(({ lease }) => isInPool(lease))).filter(
    (row) => !addresses.has(row.lease.address) && !clients.has(clientOf(row)),
  )
  const aside = byAddress([...old, ...known].filter(({ lease }) => !isInPool(lease))).slice(0, mostAside)
  return { current: textOf([...given, ...returning]), aside: textOf(aside), returning: textOf(returning) }
}

interface Row {
  readonly line: string
  readonly lease: Lease
}

/**
 * What dnsmasq reads as it was written: five words, 255 characters for a name, 764 for an id. A kind of network before
 * the hardware address (`06-`) stands for one that is no Ethernet.
 */
const form = /^\d+ (?:[0-9a-f]{2}-)?[0-9a-f]{2}(?::[0-9a-f]{2}){0,15} [\d.]+ [!-~]{1,255} (?:\*|[0-9a-f:]{2,764})$/i

function rowsIn(text: string): Row[] {
  return text.split('\n').flatMap((line) => {
    const lease = form.test(line) ? parseLease(line) : undefined
    return lease ? [{ line, lease }] : []
  })
}

function textOf(rows: readonly Row[]): string {
  return rows.map(({ line }) => `${line}\n`).join('')
}

/** One lease for each address and for each client, the one that lasts longest, in the order of the file. */
function unique(rows: readonly Row[]): Row[] {
  const chosen = new Set(onePer(byAddress(rows), clientOf))
  return rows.filter((row) => chosen.has(row))
}

/** One lease for each address, those that last longest first. */
function byAddress(rows: readonly Row[]): Row[] {
  return onePer(
    [...rows].sort((a, b) => endOf(b) - endOf(a)),
    ({ lease }) => lease.address,
  )
}

function onePer(rows: readonly Row[], keyOf: (row: Row) => unknown): Row[] {
  const seen = new Set<unknown>()
  return rows.filter((row) => {
    const key = keyOf(row)
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

function endOf({ lease }: Row): number {
  return lease.expires?.getTime() ?? Number.MAX_SAFE_INTEGER
}

/** dnsmasq tells clients apart by the id that they send, otherwise by the hardware address. */
function clientOf({ lease }: Row): string {
  return `${lease.mac} ${lease.client}`
}
