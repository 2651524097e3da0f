/**
 * What a type of fan is: everything that depends on what goes on the wire. Each type has a file of its own, and
 * `types.ts` has them all. Nothing else asks for the name of a type.
 */
import type { FanError } from '../errors.js'
import type { HostMap } from '../fan-map.js'
import type { Entrance, Rule } from '../firewall/rule.js'
import type { Ipv4, Prefix } from '../ipv4.js'
import type { Filter, Link, LinkMap, Neighbour, Route } from '../state.js'
import type { SteeringName } from '../steerings/names.js'

/** The options that not every type has. */
export interface TypeOptions {
  readonly vni?: number
  readonly port?: number
}

/** A fan as its type sees it: all that a type goes by. */
export interface TypedFan extends HostMap, TypeOptions {
  readonly bridge: string
  readonly steering: SteeringName
}

/** How the links of a fan lie, with one steering. */
export interface Layout {
  /** Whether the rest of the overlay is behind a route, and not on the bridge's own link. */
  readonly isRouted: boolean
  /** Whether its tunnel is the one that fans of the type share. */
  readonly isShared: boolean
  /** Whether the host answers ARP in the bridge for all of the overlay: containers may take it for their own link. */
  readonly proxiesArp: boolean
}

/** What makes one tunnel different from another of its type. */
export interface TunnelTraits {
  readonly name: string
  readonly mtu: number
  readonly up: boolean
  readonly alias: string
  /** Whether it has the queue that tc filters hang on. */
  readonly clsact: boolean
  readonly fanMap?: LinkMap
  readonly sysctls: Readonly<Record<string, string>>
}

/** The link that encapsulates. */
export interface Tunnel {
  readonly kind: Exclude<Link['kind'], 'bridge'>
  /** The one that fans share; undefined: none do. */
  readonly shared?: Pick<TunnelTraits, 'name' | 'alias'>
  /** `fan` is one of those that share it, if several do. */
  link(traits: TunnelTraits, fan: TypedFan): Link
  /** For people, with what tells its packets from those of others. */
  words(name: string, fan: TypedFan): string
  /** What to use where the kernel lacks its module, for hints. */
  readonly withoutModule?: string
}

/** The packets that carry those of a fan. */
export interface Wire {
  /** In the words of firewalls, such as `UDP port 8472`. */
  words(fan: TypeOptions): string
  /** What something on the way may treat differently from pings. */
  readonly packets: string
  /** Who never lets them pass, in brackets. */
  readonly blockedBy?: string
  /** The same as nft matches it. */
  match(fan: TypeOptions): string
  /** Only tunnels of this host send them. `fans` are all fans of this type here. */
  fromTunnels(fan: TypedFan, fans: readonly TypedFan[]): Rule[]
  /** Those that come from a host to the address of this one, and all others. */
  fromHosts(fan: TypedFan): Rule
  fromElsewhere(fan: TypedFan): Rule[]
  /** None come from this host. */
  noneFromHere(fan: TypedFan): Rule[]
}

/** What the kernel has of a fan whose type nobody knows. */
export interface Evidence {
  /** A link with the name or the alias of its own tunnel. */
  readonly tunnel:
    | { readonly kind: string | undefined; readonly vnis: readonly number[]; readonly port: number | undefined }
    | undefined
}

export interface FanType {
  /** Bytes that it adds to an IPv4 packet. */
  readonly overhead: number
  /** Those options that it has. */
  readonly options: readonly (keyof TypeOptions)[]
  /** What they are where nothing is said. */
  defaults(overlay: Prefix): TypeOptions
  /** The steerings that it has. */
  readonly steerings: Readonly<Partial<Record<SteeringName, Layout>>>
  /** Undefined: its packets go as they are. */
  readonly tunnel?: Tunnel
  readonly wire?: Wire
  /** By which way containers of other hosts send to those of this one. Undefined: any will do. */
  entrance(fan: TypedFan): Entrance | undefined
  /** The programs that steer it, on the links that they belong to. */
  filters(fan: TypedFan): readonly Filter[]
  /** Where routes steer: that to one other host, and how its next hop is reached if not by asking. */
  routeTo(fan: TypedFan, host: Ipv4): Route
  nextHop?(fan: TypedFan, host: Ipv4): Neighbour
  /** In words, what no two fans of this type on a host may have in common; undefined: nothing. */
  claim(options: TypeOptions & { readonly overlay: Prefix }): string | undefined
  /** Why one host cannot have both; undefined: it can. */
  clash(fan: TypedFan, other: TypedFan): FanError | undefined
  /** Its options, if the kernel has a fan of this type; else undefined. */
  recognise(evidence: Evidence): TypeOptions | undefined
}
