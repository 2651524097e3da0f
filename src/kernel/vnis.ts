/** The VNIs that a vxlan link with `vnifilter` lets in, over rtnetlink. */
import { decodeAttributes, encodeAttributes, listAttributes, need, readU32, u32 } from './attributes.js'
import { families, messages } from './constants.js'
import { indexOf } from './links/find.js'
import { means } from './refusals.js'
import { flags, type Rtnetlink } from './socket.js'

/** Attributes (include/uapi/linux/if_link.h). */
const vnifilterEntry = 1
const entry = { start: 1, end: 2 } as const

/** struct tunnel_msg. */
function header(index: number): Buffer {
  return Buffer.concat([Buffer.from([families.bridge, 0, 0, 0]), u32(index)])
}

export function vniMessage(index: number, vni: number): Buffer {
  return Buffer.concat([header(index), encodeAttributes([[vnifilterEntry, [[entry.start, u32(vni)]]]])])
}

/** `bridge vni add vni VNI dev LINK`. Throws VNI_HIDDEN or NetlinkError. */
export async function addVni(netlink: Rtnetlink, link: string, vni: number): Promise<void> {
  const body = vniMessage(await indexOf(netlink, link), vni)
  const op = `bridge vni add vni ${vni} dev ${link}`
  // The kernel looks for a VNI in the namespace that a link was made in, wherever that link is by now.
  const refusals = { EEXIST: means('VNI_HIDDEN', { vni }) }
  await netlink.request({ op, refusals }, messages.newTunnel, flags.create | flags.exclusive, body)
}

/** `bridge vni del vni VNI dev LINK`. Throws NetlinkError. */
export async function delVni(netlink: Rtnetlink, link: string, vni: number): Promise<void> {
  const body = vniMessage(await indexOf(netlink, link), vni)
  await netlink.request({ op: `bridge vni del vni ${vni} dev ${link}` }, messages.delTunnel, 0, body)
}

/** The VNIs of one link; the kernel tells runs of them by their ends. `bridge vni show dev LINK` */
export async function listVnis(
  netlink: Rtnetlink,
  { name, index }: { readonly name: string; readonly index: number },
): Promise<number[]> {
  return (await netlink.dump(`bridge vni show dev ${name}`, messages.getTunnel, header(index))).flatMap(decodeVnis)
}

/** The VNIs in one message of the list. */
export function decodeVnis(message: Buffer): number[] {
  return listAttributes(message.subarray(8))
    .filter(({ type }) => type === vnifilterEntry)
    .flatMap(({ data }) => {
      const range = decodeAttributes(data)
      const start = need(readU32(range.get(entry.start)), 'VXLAN_VNIFILTER_ENTRY_START')
      const end = readU32(range.get(entry.end)) ?? start
      return Array.from({ length: end - start + 1 }, (_, offset) => start + offset)
    })
}
