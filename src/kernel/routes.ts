/** Routes of the main table over rtnetlink, with the outer header that some of them bring (lightweight tunnels). */
import { outerTtl } from '../core/creation.js'
import type { FoundRoute } from '../core/found.js'
import { ipv4 } from '../core/ipv4.js'
import type { Encap, Route } from '../core/state.js'
import {
  type Attribute,
  decodeAttributes,
  encodeAttributes,
  need,
  readIpv4,
  readU16,
  readU32,
  readU64be,
  u8,
  u8At,
  u16,
  u32,
  u32be,
  u64be,
} from './attributes.js'
import { families, mainTable, messages } from './constants.js'
import { indexOf } from './links/find.js'
import { moduleMissing, type Refusals } from './refusals.js'
import { flags, type Rtnetlink } from './socket.js'

/** Attributes (include/uapi/linux/{rtnetlink,lwtunnel}.h). */
const rta = { destination: 1, oif: 4, gateway: 5, prefsrc: 7, table: 15, encapType: 21, encap: 22 } as const
const lwtunnelIp = { type: 2, id: 1, destination: 2, source: 3, ttl: 4 } as const

const protocols = { kernel: 2, static: 4 } as const
const scopes = { universe: 0, link: 253 } as const
const unicast = 1
/** RTNH_F_ONLINK: the next hop is on the link, whatever its address. */
const onlink = 4

/** `ip route add PREFIX … dev LINK proto static src SOURCE`, for each of them. Throws MODULE_MISSING, NetlinkError. */
export async function addRoutes(netlink: Rtnetlink, link: string, routes: readonly Route[]): Promise<void> {
  const purpose = { op: `ip route add … dev ${link}`, refusals: refusalsOf(routes) }
  const bodies = await messagesOf(netlink, link, routes)
  await netlink.requestAll(purpose, messages.newRoute, flags.create | flags.exclusive, bodies)
}

/** `ip route replace PREFIX … dev LINK proto static src SOURCE`, for each of them. Throws as `addRoutes` does. */
export async function replaceRoutes(netlink: Rtnetlink, link: string, routes: readonly Route[]): Promise<void> {
  const purpose = { op: `ip route replace … dev ${link}`, refusals: refusalsOf(routes) }
  const bodies = await messagesOf(netlink, link, routes)
  await netlink.requestAll(purpose, messages.newRoute, flags.create | flags.replace, bodies)
}

/** `ip route del PREFIX … dev LINK`, for each of them. Throws NetlinkError. */
export async function delRoutes(netlink: Rtnetlink, link: string, routes: readonly Route[]): Promise<void> {
  const bodies = await messagesOf(netlink, link, routes)
  await netlink.requestAll({ op: `ip route del … dev ${link}` }, messages.delRoute, 0, bodies)
}

/** Only a route with an outer header needs lightweight tunnels. */
export function refusalsOf(routes: readonly Route[]): Refusals {
  const missing = moduleMissing('ip_tunnel', 'lightweight tunnels')
  return { EOPNOTSUPP: (cause) => (routes[cause.request]?.encap ? missing(cause) : undefined) }
}

async function messagesOf(netlink: Rtnetlink, link: string, routes: readonly Route[]): Promise<Buffer[]> {
  const index = await indexOf(netlink, link)
  return routes.map((route) => routeMessage(index, route))
}

/** struct rtmsg, then the attributes. */
export function routeMessage(index: number, { prefix, source, encap, via, isConnected }: Route): Buffer {
  const scope = via === undefined ? scopes.link : scopes.universe
  const protocol = isConnected ? protocols.kernel : protocols.static
  const header = Buffer.from([families.inet, prefix.length, 0, 0, mainTable, protocol, scope, unicast])
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
  request[0] = families.inet
  const found = await netlink.dump('ip route', messages.getRoute, request)
  return found.flatMap((message) => decodeRoute(message, (index) => netlink.directory.nameOf(index)) ?? [])
}

/** A route of the main table, undefined for any other. */
export function decodeRoute(message: Buffer, nameOf: (index: number) => string): FoundRoute | undefined {
  const attributes = decodeAttributes(message.subarray(12))
  if ((readU32(attributes.get(rta.table)) ?? u8At(message, 4)) !== mainTable) return undefined
  const length = u8At(message, 1)
  const destination = readIpv4(attributes.get(rta.destination))
  const via = readIpv4(attributes.get(rta.gateway))
  const isTunnel = readU16(attributes.get(rta.encapType)) === lwtunnelIp.type
  const protocol = u8At(message, 5)
  return {
    // The default route says no destination, and one with several next hops, or with none, no link.
    prefix: { address: length === 0 ? ipv4(0) : need(destination, 'RTA_DST'), length },
    link: nameOf(readU32(attributes.get(rta.oif)) ?? 0),
    source: readIpv4(attributes.get(rta.prefsrc)),
    isStatic: protocol === protocols.static,
    ...(protocol === protocols.kernel && { isConnected: true }),
    ...(isTunnel && { encap: decodeEncap(attributes.get(rta.encap)) }),
    ...(via !== undefined && { via }),
  }
}

function decodeEncap(bytes: Buffer | undefined): Encap {
  const encap = decodeAttributes(bytes)
  return {
    id: need(readU64be(encap.get(lwtunnelIp.id)), 'LWTUNNEL_IP_ID'),
    source: need(readIpv4(encap.get(lwtunnelIp.source)), 'LWTUNNEL_IP_SRC'),
    destination: need(readIpv4(encap.get(lwtunnelIp.destination)), 'LWTUNNEL_IP_DST'),
  }
}
