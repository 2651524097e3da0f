/** Addresses and routes over rtnetlink. */
import { type Ipv4, ipv4, lastOf, type Prefix } from '../core/ipv4.js'
import { type Attribute, decodeAttributes, encodeAttributes, readU32, readU32be, u32, u32be } from './attributes.js'
import { flags, type Rtnetlink } from './socket.js'

/** Message types and attributes (include/uapi/linux/{rtnetlink,if_addr}.h). */
const types = { newAddress: 20, delAddress: 21, getAddress: 22, newRoute: 24, delRoute: 25, getRoute: 26 } as const
const ifa = { address: 1, local: 2, broadcast: 4 } as const
const rta = { destination: 1, oif: 4, prefsrc: 7, table: 15 } as const

const afInet = 2
const mainTable = 254
const staticProtocol = 4
const scopes = { link: 253 } as const
const unicast = 1

export interface FoundAddress {
  readonly index: number
  readonly prefix: Prefix
}

export interface FoundRoute {
  readonly prefix: Prefix
  readonly index: number
  readonly source: Ipv4 | undefined
  readonly isStatic: boolean
}

/** `ip addr add ADDRESS/LENGTH dev LINK`. Throws NetlinkError. */
export async function addAddress(netlink: Rtnetlink, index: number, prefix: Prefix): Promise<void> {
  await netlink.request(types.newAddress, flags.create | flags.exclusive, addressMessage(index, prefix))
}

/** `ip addr del ADDRESS/LENGTH dev LINK`. Throws NetlinkError. */
export async function delAddress(netlink: Rtnetlink, index: number, prefix: Prefix): Promise<void> {
  await netlink.request(types.delAddress, 0, addressMessage(index, prefix))
}

function addressMessage(index: number, prefix: Prefix): Buffer {
  const header = Buffer.concat([Buffer.from([afInet, prefix.length, 0, 0]), u32(index)])
  const attributes: Attribute[] = [
    [ifa.local, u32be(prefix.address)],
    [ifa.address, u32be(prefix.address)],
    [ifa.broadcast, u32be(lastOf(prefix))],
  ]
  return Buffer.concat([header, encodeAttributes(attributes)])
}

/** All IPv4 addresses of the network namespace. `ip -4 addr` */
export async function listAddresses(netlink: Rtnetlink): Promise<FoundAddress[]> {
  const messages = await netlink.dump(types.getAddress, Buffer.from([afInet, 0, 0, 0, 0, 0, 0, 0]))
  return messages.map((message) => {
    const attributes = decodeAttributes(message.subarray(8))
    const address = readU32be(attributes.get(ifa.local)) ?? readU32be(attributes.get(ifa.address)) ?? 0
    return {
      index: readU32(message.subarray(4)) ?? 0,
      prefix: { address: ipv4(address), length: message[1] ?? 0 },
    }
  })
}

export interface RouteTarget {
  readonly prefix: Prefix
  readonly index: number
  readonly source: Ipv4
}

/** `ip route add PREFIX dev LINK proto static src SOURCE`. Throws NetlinkError. */
export async function addRoute(netlink: Rtnetlink, route: RouteTarget): Promise<void> {
  await netlink.request(types.newRoute, flags.create | flags.exclusive, routeMessage(route))
}

/** `ip route replace PREFIX dev LINK proto static src SOURCE`. Throws NetlinkError. */
export async function replaceRoute(netlink: Rtnetlink, route: RouteTarget): Promise<void> {
  await netlink.request(types.newRoute, flags.create | flags.replace, routeMessage(route))
}

/** `ip route del PREFIX dev LINK`. Throws NetlinkError. */
export async function delRoute(netlink: Rtnetlink, route: RouteTarget): Promise<void> {
  await netlink.request(types.delRoute, 0, routeMessage(route))
}

/** struct rtmsg, then the attributes. */
function routeMessage({ prefix, index, source }: RouteTarget): Buffer {
  const header = Buffer.from([afInet, prefix.length, 0, 0, mainTable, staticProtocol, scopes.link, unicast, 0, 0, 0, 0])
  const attributes: Attribute[] = [
    [rta.destination, u32be(prefix.address)],
    [rta.oif, u32(index)],
    [rta.prefsrc, u32be(source)],
  ]
  return Buffer.concat([header, encodeAttributes(attributes)])
}

/** The routes of the main table. `ip route` */
export async function listRoutes(netlink: Rtnetlink): Promise<FoundRoute[]> {
  const request = Buffer.alloc(12)
  request[0] = afInet
  const messages = await netlink.dump(types.getRoute, request)
  return messages.flatMap((message) => {
    const attributes = decodeAttributes(message.subarray(12))
    if ((readU32(attributes.get(rta.table)) ?? message[4]) !== mainTable) return []
    const source = readU32be(attributes.get(rta.prefsrc))
    return {
      prefix: { address: ipv4(readU32be(attributes.get(rta.destination)) ?? 0), length: message[1] ?? 0 },
      index: readU32(attributes.get(rta.oif)) ?? 0,
      source: source === undefined ? undefined : ipv4(source),
      isStatic: message[5] === staticProtocol,
    }
  })
}
