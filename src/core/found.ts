/** What a kernel tells of a host, whoever made it: the shapes of a state, with what only an observation knows. */
import type { Ipv4 } from './ipv4.js'
import type { CommonLink, Filter, LinkMap, Neighbour, Route } from './state.js'

export interface FoundLink extends Omit<CommonLink, 'isAltname' | 'owner'> {
  /** Other names that it goes by (`ip link property add altname`). No link can have one of them as its name. */
  readonly altnames: readonly string[]
  /** Ours, and it should have this name, which another link has. Filled in by `byMark`, as is `givenName`. */
  readonly strayOf?: string
  /** `bridge`, `vxlan`, `ipip`, or another program's kind; undefined for hardware. */
  readonly kind: string | undefined
  /** Whether fanctl made it. */
  readonly ours: boolean
  readonly mac: string | undefined
  /** Whether there is somebody at the other end of the cable. */
  readonly carrier: boolean
  readonly alias: string
  /** UDP port of a vxlan link. */
  readonly port: number | undefined
  /** Of a tunnel, on Ubuntu's fan kernels. */
  readonly fanMap: LinkMap | undefined
  readonly clsact: boolean
  /** Of our own links only, as are the settings. */
  readonly vnis: readonly number[]
}

export interface FoundRoute extends Omit<Route, 'source' | 'owner'> {
  readonly source: Ipv4 | undefined
  /** Made by an administrator or a program such as this one, and marked so (protocol static). */
  readonly isStatic: boolean
}

export interface FoundFilter extends Filter {
  /** By which the kernel knows the program. */
  readonly programId: number
}

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

/** Who has been seen by ARP. `stale`: it has answered, but not recently. `silent`: it was asked for in vain. */
export interface FoundNeighbour extends Omit<Neighbour, 'mac'> {
  readonly mac: string | undefined
  readonly state: 'reachable' | 'stale' | 'silent'
}

/** Behind which port of its bridge a hardware address was seen. */
export interface FoundStation {
  readonly port: string
  readonly mac: string
}
