/** Addresses over rtnetlink. */
import { ipv4, lastOf, type Prefix } from '../core/ipv4.js'
import { type Attribute, decodeAttributes, encodeAttributes, readIpv4, readU32, u32, u32be } from './attributes.js'
import { flags, type Rtnetlink } from './socket.js'

/** Message types and attributes (include/uapi/linux/{rtnetlink,if_addr}.h). */
const types = { newAddress: 20, delAddress: 21, getAddress: 22 } as const
const ifa = { address: 1, local: 2, broadcast: 4 } as const

const afInet = 2

export interface FoundAddress {
  readonly index: number
  readonly prefix: Prefix
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
    const address = readIpv4(attributes.get(ifa.local)) ?? readIpv4(attributes.get(ifa.address)) ?? ipv4(0)
    return {
      index: readU32(message.subarray(4)) ?? 0,
      prefix: { address, length: message[1] ?? 0 },
    }
  })
}
