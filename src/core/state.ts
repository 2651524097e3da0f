/**
 * One shape for what a host should have and for what it has.
 *
 * In a desired state a field that is left out means "do not care", so a comparison looks only at what is present.
 */
import type { Pool } from './fan-map.js'
import type { Ipv4, Prefix } from './ipv4.js'
import type { Instruction } from './steering/assembler.js'

/** What each fan has of its own. */
interface Owned {
  /** The bridge of its fan. Left out where several share it, and where nobody knows. */
  readonly owner?: string | undefined
}

export interface CommonLink extends Owned {
  /** The name that it should have. */
  readonly name: string
  /** The name that somebody gave it instead. Found only; the plan begins by giving it its own back. */
  readonly givenName?: string
  /** Its own name is among its alternative ones: some programs make it that when they rename a link. */
  readonly isAltname?: true
  /** Bytes. */
  readonly mtu: number
  readonly up: boolean
  /** For people; what makes a link ours is its group. */
  readonly alias?: string
  /** The bridge that it is attached to; of others' links also a bond or the like. */
  readonly bridge?: string | undefined
  /** Values by path below /proc/sys. They go with the link. */
  readonly sysctls: Readonly<Record<string, string>>
}

export interface BridgeLink extends CommonLink {
  readonly kind: 'bridge'
  readonly mac: string
}

export interface VxlanLink extends CommonLink {
  readonly kind: 'vxlan'
  readonly mac: string
  readonly port: number
  /** The VNIs its filter lets in. A link with a map has one, fixed when it is made. */
  readonly vnis: readonly number[]
  /** Whether it has the queue that tc filters hang on. */
  readonly clsact: boolean
  readonly fanMap?: LinkMap
}

export interface IpipLink extends CommonLink {
  readonly kind: 'ipip'
  readonly clsact: boolean
  readonly fanMap?: LinkMap
}

/** What a tunnel of Ubuntu's fan kernels computes the outer destination with. */
export interface LinkMap {
  /** The outer source. */
  readonly local: Ipv4
  readonly overlay: Prefix
  readonly underlay: Prefix
}

/** A link that fanctl makes. A tunnel without a map is `external`: each packet brings its own outer addresses. */
export type Link = BridgeLink | VxlanLink | IpipLink

export interface Address {
  readonly link: string
  readonly prefix: Prefix
  /** The route to its network, which the kernel makes with it, is gone although the link is up. */
  readonly isCut?: true
}

export interface Route extends Owned {
  readonly prefix: Prefix
  readonly link: string
  /** The address that this host uses as its own for packets along the route. */
  readonly source: Ipv4
  /** The outer header that packets along the route get. */
  readonly encap?: Encap
  /** The next hop, reached directly whatever its address. */
  readonly via?: Ipv4
  /** To the network of an address, which the kernel makes itself and takes away itself. */
  readonly isConnected?: true
}

export interface Encap {
  /** The VNI; 0 for ipip. */
  readonly id: number
  readonly source: Ipv4
  readonly destination: Ipv4
}

/** The hardware address of a next hop. It stays: nothing on the network can change it. */
export interface Neighbour {
  readonly link: string
  readonly address: Ipv4
  readonly mac: string
}

/** A steering program on a link. Its name holds a digest of the program, so names suffice to compare. */
export interface Filter extends Owned {
  readonly link: string
  readonly direction: 'egress' | 'ingress'
  readonly preference: number
  readonly handle: number
  readonly name: string
  /** Left out when read from a kernel: a program cannot be read back in a form that can be loaded. */
  readonly program?: Program
}

export interface Program {
  readonly text: string
  readonly instructions: readonly Instruction[]
}

/** fanctl's nftables table. */
export interface Firewall {
  /** What `nft -f` takes to make the table. */
  readonly text: string
  /** A digest of each rule in order, as its comment: nft prints rules in words of its own. */
  readonly rules: readonly string[]
  /** How many packets a rule has dropped, by its digest: read from a kernel. */
  readonly packets?: Readonly<Record<string, number>>
}

/** What a dnsmasq tells containers. */
export interface DhcpSettings {
  /** The address it listens on, and what containers use as router and resolver. */
  readonly gateway: Ipv4
  readonly netmask: Ipv4
  readonly pool: Pool
  /** Bytes. */
  readonly mtu: number
  readonly leaseMax: number
}

/** One dnsmasq, which serves DHCP and DNS on one bridge. */
export interface DhcpServer {
  readonly bridge: string
  /** Undefined: its file is not one of ours. */
  readonly settings: DhcpSettings | undefined
  /** A server whose file is there and that does not run is found, too. */
  readonly running: boolean
}

export interface State {
  readonly links: readonly Link[]
  readonly addresses: readonly Address[]
  readonly routes: readonly Route[]
  readonly neighbours: readonly Neighbour[]
  readonly filters: readonly Filter[]
  /** Settings of the whole host, by path below /proc/sys. */
  readonly sysctls: Readonly<Record<string, string>>
  readonly firewall?: Firewall
  readonly dhcpServers: readonly DhcpServer[]
  /** Texts by name below the runtime folder. */
  readonly files: Readonly<Record<string, string>>
}

export const nothing: State = {
  links: [],
  addresses: [],
  routes: [],
  neighbours: [],
  filters: [],
  sysctls: {},
  dhcpServers: [],
  files: {},
}
