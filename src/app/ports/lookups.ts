/** The port for questions about single addresses. `LinuxLookups` is the real one; tests have one that answers as told. */
import type { FanError } from '../../core/errors.js'
import type { Ipv4 } from '../../core/ipv4.js'
import type { Answer, Probe } from '../../core/probe.js'

/** What the kernel does with a packet for some address. */
export interface FoundPath {
  /** `local`: it is an address of this host. */
  readonly kind: 'unicast' | 'local' | 'broadcast' | 'none'
  readonly link: string
  /** The next hop; undefined: the address is on the link itself. */
  readonly via: Ipv4 | undefined
  /** The source that the kernel chooses; undefined where one was asked for. */
  readonly source: Ipv4 | undefined
  /** Bytes, where the route or something learned on the way says so. Undefined: the link's. */
  readonly mtu: number | undefined
}

/** Who has been seen on this host's links. */
export interface FoundNeighbours {
  /** By ARP. `stale`: it has answered, and was not asked of late. `silent`: it was asked for in vain. */
  readonly addresses: readonly {
    readonly link: string
    readonly address: Ipv4
    readonly mac: string | undefined
    readonly state: 'reachable' | 'stale' | 'silent'
  }[]
  /** Behind which port of its bridge a hardware address was seen. */
  readonly stations: readonly { readonly port: string; readonly mac: string }[]
}

/** An address that DHCP has given. */
export interface FoundLease {
  readonly bridge: string
  readonly address: Ipv4
  readonly mac: string
  readonly hostname: string | undefined
  /** Undefined: never. */
  readonly expires: Date | undefined
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
