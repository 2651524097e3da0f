/** A network in memory: says what it was told to say about single addresses. */
import type { FoundLease, FoundNeighbours, FoundPath, Lookups } from '../../src/app/ports/lookups.js'
import type { Ipv4 } from '../../src/core/ipv4.js'
import { formatAddress } from '../../src/core/ipv4.js'
import type { Answer, Probe } from '../../src/core/probe.js'

/** How an address answers; a number: it takes packets of so many bytes and loses larger ones. */
export type Told = Answer | number

export class FakeLookups implements Lookups {
  /** By address; everything else is on eth0. */
  readonly paths = new Map<string, FoundPath | string>()
  /** By address; everybody else answers. */
  readonly told = new Map<string, Told>()
  readonly asked: Probe[] = []
  seen: FoundNeighbours = { addresses: [], stations: [] }
  given: readonly FoundLease[] = []
  otherEnd: string | undefined
  /** Instead of sending. */
  failure: Error | undefined

  async routeTo(address: Ipv4, source?: Ipv4): Promise<FoundPath | string> {
    const path = this.paths.get(formatAddress(address)) ?? onLink('eth0')
    return typeof path === 'string' || source === undefined ? path : { ...path, source: undefined }
  }

  async neighbours(): Promise<FoundNeighbours> {
    return this.seen
  }

  async otherEndOf(): Promise<string | undefined> {
    return this.otherEnd
  }

  leases(): readonly FoundLease[] {
    return this.given
  }

  async probe(probe: Probe): Promise<Answer> {
    if (this.failure) throw this.failure
    this.asked.push(probe)
    const told = this.told.get(formatAddress(probe.to)) ?? 65_535
    if (typeof told !== 'number') return told
    return (probe.bytes ?? 84) <= told ? { kind: 'answered', milliseconds: 1 } : { kind: 'silent' }
  }
}

export function onLink(link: string, more: Partial<FoundPath> = {}): FoundPath {
  return { kind: 'unicast', link, via: undefined, source: undefined, mtu: undefined, ...more }
}
