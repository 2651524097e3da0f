/** Which network namespace the other end of a link is in, over rtnetlink. */
import { closeSync, constants, openSync } from 'node:fs'
import { decodeAttributes, encodeAttributes, readU32, u32 } from './attributes.js'
import { messages } from './constants.js'
import { indexOf } from './links/find.js'
import { NetlinkError } from './refusals.js'
import type { Rtnetlink } from './socket.js'

/** Attributes (include/uapi/linux/{if_link,net_namespace}.h). */
const linkNamespaceId = 37
const netnsa = { id: 1, descriptor: 3 } as const

/** The number by which this namespace knows the one that the other end of a veth is in; undefined for none. */
export async function peerNamespaceOf(netlink: Rtnetlink, link: string): Promise<number | undefined> {
  const header = Buffer.alloc(16)
  u32(await indexOf(netlink, link)).copy(header, 4)
  const [answer] = await netlink.request({ op: `ip link show ${link}` }, messages.getLink, 0, header)
  return readU32(decodeAttributes(answer?.subarray(16)).get(linkNamespaceId))
}

/** The number by which this namespace knows the one that a file stands for, if it does. `ip netns list-id` */
export async function namespaceIdOf(netlink: Rtnetlink, path: string): Promise<number | undefined> {
  let descriptor: number
  try {
    // What has the name of a namespace may be anything.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
  } catch {
    // It ended meanwhile, or is not ours to look at.
    return undefined
  }
  try {
    // struct rtgenmsg is one byte, padded.
    const body = Buffer.concat([Buffer.alloc(4), encodeAttributes([[netnsa.descriptor, u32(descriptor)]])])
    const [answer] = await netlink.request({ op: 'ip netns list-id' }, messages.getNamespaceId, 0, body)
    return readU32(decodeAttributes(answer?.subarray(4)).get(netnsa.id))
  } catch (error) {
    // A name whose namespace is gone is an ordinary file.
    if (error instanceof NetlinkError) return undefined
    throw error
  } finally {
    closeSync(descriptor)
  }
}
