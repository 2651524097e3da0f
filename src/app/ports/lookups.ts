/** The port for questions about single addresses. `LinuxLookups` is the real one; tests have one that answers as told. */

import type { FanError } from '../../core/errors.js'
import type { FoundNeighbour, FoundPath, FoundStation } from '../../core/found.js'
import type { Ipv4 } from '../../core/ipv4.js'
import type { Answer, Probe } from '../../core/probe.js'
import type { Lease } from '../../dnsmasq-conf/leases.js'

export type { FoundPath } from '../../core/found.js'

/** Who has been seen on this host's links. */
export interface FoundNeighbours {
  readonly addresses: readonly FoundNeighbour[]
  readonly stations: readonly FoundStation[]
}

/** An address that DHCP has given. */
export interface FoundLease extends Omit<Lease, 'client'> {
  readonly bridge: string
}

/** What DHCP has given on a bridge that ever had a server. */
export interface StoredLeases {
  readonly bridge: string
  readonly leases: readonly Omit<FoundLease, 'bridge'>[]
  /** Why they cannot be read; undefined: they can. */
  readonly problem: FanError | undefined
}

/** Where leases outlive `down` and reboots. */
export interface LeaseStore {
  /** Throws FILE_UNUSABLE. */
  leases(): readonly StoredLeases[]
}

/** What `trace` asks of a machine besides what `Machine` observes. None of it changes anything. */
export interface Lookups {
  /** The route to an address from one of this host's own, or why there is none. */
  routeTo(address: Ipv4, source?: Ipv4): Promise<FoundPath | string>
  neighbours(): Promise<FoundNeighbours>
  /** Where the other end of a link is, in words; undefined where that cannot be seen. */
  otherEndOf(link: string): Promise<string | undefined>
  leases(): readonly FoundLease[]
  /** Throws PROGRAM_MISSING, PROGRAM_FAILED. */
  probe(probe: Probe): Promise<Answer>
}
