/** Routes of the main table over rtnetlink, with the outer header that some of them bring (lightweight tunnels). */
import { outerTtl } from '../core/creation.js'
import { type Ipv4, ipv4, type Prefix } from '../core/ipv4.js'
import type { Encap, Route } from '../core/state.js'
import {
  type Attribute,
  decodeAttributes,
  encodeAttributes,
  readIpv4,
  readU16,
  readU32,
  readU64be,
  u8,
  u16,
  u32,
  u32be,
  u64be,
} from './attributes.js'
import { flags, type Rtnetlink } from './socket.js'

/** Message types and attributes (include/uapi/linux/{rtnetlink,lwtunnel}.h). */
const types = { newRoute: 24, delRoute: 25, getRoute: 26 } as const
const rta = { destination: 1, oif: 4, gateway: 5, prefsrc: 7, table: 15, encapType: 21, encap: 22 } as const
const lwtunnelIp = { type: 2, id: 1, destination: 2, source: 3, ttl: 4 } as const

const afInet = 2
const mainTable = 254
const protocols = { kernel: 2, static: 4 } as const
const scopes = { universe: 0, link: 253 } as const
const unicast = 1
/** RTNH_F_ONLINK: the next hop is on the link, whatever its address. */
const onlink = 4

export interface FoundRoute {
  readonly prefix: Prefix
  readonly index: number
  readonly source: Ipv4 | undefined
  readonly isStatic: boolean
  /** The kernel made it, with an address. */
  readonly isConnected: boolean
  readonly encap?: Encap
  readonly via?: Ipv4
}

/** `ip route add PREFIX … dev LINK proto static src SOURCE`, for each of them. Throws NetlinkError. */
export async function addRoutes(netlink: Rtnetlink, index: number, routes: readonly Route[]): Promise<void> {
  await netlink.requestAll(types.newRoute, flags.create | flags.exclusive, messagesOf(index, routes))
}

/** `ip route replace PREFIX … dev LINK proto static src SOURCE`, for each of them. Throws NetlinkError. */
export async function replaceRoutes(netlink: Rtnetlink, index: number, routes: readonly Route[]): Promise<void> {
  await netlink.requestAll(types.newRoute, flags.create | flags.replace, messagesOf(index, routes))
}

/** `ip route del PREFIX … dev LINK`, for each of them. Throws NetlinkError. */
export async function delRoutes(netlink: Rtnetlink, index: number, routes: readonly Route[]): Promise<void> {
  await netlink.requestAll(types.delRoute, 0, messagesOf(index, routes))
}

function messagesOf(index: number, routes: readonly Route[]): Buffer[] {
  return routes.map((route) => routeMessage(index, route))
}

/** struct rtmsg, then the attributes. */
export function routeMessage(index: number, { prefix, source, encap, via, isConnected }: Route): Buffer {
  const scope = via === undefined ? scopes.link : scopes.universe
  const protocol = isConnected ? protocols.kernel : protocols.static
  const header = Buffer.from([afInet, prefix.length, 0, 0, mainTable, protocol, scope, unicast])
  const attributes: Attribute[] = [
    [rta.destination, u32be(prefix.address)],
    [rta.oif, u32(index)],
    [rta.prefsrc, u32be(source)],
    ...(via === undefined ? [] : ([[rta.gateway, u32be(via)]] as const)),
    ...(encap ? encapAttributes(encap) : []),
  ]
  return Buffer.concat([header, u32(via === undefined ? 0 : onlink), encodeAttributes(attributes)])
}

function encapAttributes({ id, source, destination }: Encap): Attribute[] {
  return [
    [rta.encapType, u16(lwtunnelIp.type)],
    [
      rta.encap,
      [
        [lwtunnelIp.id, u64be(id)],
        [lwtunnelIp.destination, u32be(destination)],
        [lwtunnelIp.source, u32be(source)],
        [lwtunnelIp.ttl, u8(outerTtl)],
      ],
    ],
  ]
}

/** The routes of the main table. `ip route` */
export async function listRoutes(netlink: Rtnetlink): Promise<FoundRoute[]> {
  const request = Buffer.alloc(12)
  request[0] = afInet
  return (await netlink.dump(types.getRoute, request)).flatMap((message) => decodeRoute(message) ?? [])
}

/** A route of the main table, undefined for any other. */
export function decodeRoute(message: Buffer): FoundRoute | undefined {
  const attributes = decodeAttributes(message.subarray(12))
  if ((readU32(attributes.get(rta.table)) ?? message[4]) !== mainTable) return undefined
  const via = readIpv4(attributes.get(rta.gateway))
  const isTunnel = readU16(attributes.get(rta.encapType)) === lwtunnelIp.type
  const encap = isTunnel ? decodeEncap(attributes.get(rta.encap)) : undefined
  return {
    prefix: { address: readIpv4(attributes.get(rta.destination)) ?? ipv4(0), length: message[1] ?? 0 },
    index: readU32(attributes.get(rta.oif)) ?? 0,
    source: readIpv4(attributes.get(rta.prefsrc)),
    isStatic: message[5] === protocols.static,
    isConnected: message[5] === protocols.kernel,
    ...(encap && { encap }),
    ...(via !== undefined && { via }),
  }
}

function decodeEncap(bytes: Buffer | undefined): Encap {
  const encap = decodeAttributes(bytes)
  return {
    id: readU64be(encap.get(lwtunnelIp.id)) ?? 0,
    source: readIpv4(encap.get(lwtunnelIp.source)) ?? ipv4(0),
    destination: readIpv4(encap.get(lwtunnelIp.destination)) ?? ipv4(0),
  }
}
