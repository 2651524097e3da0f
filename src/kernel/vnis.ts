/** The VNIs that a vxlan link with `vnifilter` lets in, over rtnetlink. */
import { decodeAttributes, encodeAttributes, listAttributes, readU32, u32 } from './attributes.js'
import { flags, type Rtnetlink } from './socket.js'

/** Message types of Linux 5.18 and attributes (include/uapi/linux/{rtnetlink,if_link}.h). */
const types = { newTunnel: 120, delTunnel: 121, getTunnel: 122 } as const
const vnifilterEntry = 1
const entry = { start: 1, end: 2 } as const
const afBridge = 7

/** struct tunnel_msg. */
function header(index: number): Buffer {
  return Buffer.concat([Buffer.from([afBridge, 0, 0, 0]), u32(index)])
}

function message(index: number, vni: number): Buffer {
  return Buffer.concat([header(index), encodeAttributes([[vnifilterEntry, [[entry.start, u32(vni)]]]])])
}

/** `bridge vni add vni VNI dev LINK`. Throws NetlinkError. */
export async function addVni(netlink: Rtnetlink, index: number, vni: number): Promise<void> {
  await netlink.request(types.newTunnel, flags.create | flags.exclusive, message(index, vni))
}

/** `bridge vni del vni VNI dev LINK`. Throws NetlinkError. */
export async function delVni(netlink: Rtnetlink, index: number, vni: number): Promise<void> {
  await netlink.request(types.delTunnel, 0, message(index, vni))
}

/** The VNIs of one link; the kernel tells runs of them by their ends. `bridge vni show dev LINK` */
export async function listVnis(netlink: Rtnetlink, index: number): Promise<number[]> {
  const messages = await netlink.dump(types.getTunnel, header(index))
  return messages
    .flatMap((found) => listAttributes(found.subarray(8)))
    .filter(({ type }) => type === vnifilterEntry)
    .flatMap(({ data }) => {
      const range = decodeAttributes(data)
      const start = readU32(range.get(entry.start)) ?? 0
      const end = readU32(range.get(entry.end)) ?? start
      return Array.from({ length: end - start + 1 }, (_, offset) => start + offset)
    })
}
