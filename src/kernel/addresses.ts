/** Addresses over rtnetlink. */
import { formatPrefix, lastOf } from '../core/ipv4.js'
import type { Address } from '../core/state.js'
import {
  type Attribute,
  decodeAttributes,
  encodeAttributes,
  need,
  readIpv4,
  u8At,
  u32,
  u32At,
  u32be,
} from './attributes.js'
import { families, messages } from './constants.js'
import { indexOf } from './links/find.js'
import { flags, type Rtnetlink } from './socket.js'

/** Attributes (include/uapi/linux/if_addr.h). */
const ifa = { address: 1, local: 2, broadcast: 4 } as const

/** `ip addr add ADDRESS/LENGTH dev LINK`. Throws NetlinkError. */
export async function addAddress(netlink: Rtnetlink, address: Address): Promise<void> {
  const body = addressMessage(await indexOf(netlink, address.link), address)
  await netlink.request({ op: opOf('add', address) }, messages.newAddress, flags.create | flags.exclusive, body)
}

/** `ip addr del ADDRESS/LENGTH dev LINK`. Throws NetlinkError. */
export async function delAddress(netlink: Rtnetlink, address: Address): Promise<void> {
  const body = addressMessage(await indexOf(netlink, address.link), address)
  await netlink.request({ op: opOf('del', address) }, messages.delAddress, 0, body)
}

function opOf(verb: string, { link, prefix }: Address): string {
  return `ip addr ${verb} ${formatPrefix(prefix)} dev ${link}`
}

/** struct ifaddrmsg: family, length, flags, scope, index. Then the attributes. */
export function addressMessage(index: number, { prefix }: Address): Buffer {
  const header = Buffer.concat([Buffer.from([families.inet, prefix.length, 0, 0]), u32(index)])
  const attributes: Attribute[] = [
    [ifa.local, u32be(prefix.address)],
    [ifa.address, u32be(prefix.address)],
    [ifa.broadcast, u32be(lastOf(prefix))],
  ]
  return Buffer.concat([header, encodeAttributes(attributes)])
}

/** All IPv4 addresses of the network namespace. `ip -4 addr` */
export async function listAddresses(netlink: Rtnetlink): Promise<Address[]> {
  const request = Buffer.from([families.inet, 0, 0, 0, 0, 0, 0, 0])
  const found = await netlink.dump('ip -4 addr', messages.getAddress, request)
  return found.map((message) => decodeAddress(message, (index) => netlink.directory.nameOf(index)))
}

/** A link to one other address has its own as IFA_LOCAL only. */
export function decodeAddress(message: Buffer, nameOf: (index: number) => string): Address {
  const attributes = decodeAttributes(message.subarray(8))
  const address = readIpv4(attributes.get(ifa.local)) ?? readIpv4(attributes.get(ifa.address))
  return {
    link: nameOf(u32At(message, 4)),
    prefix: { address: need(address, 'IFA_ADDRESS'), length: u8At(message, 1) },
  }
}
