/** Links over rtnetlink: one table of kinds, each with an encoder and a decoder of its own. */
import type { LinkTraits } from '../core/change.js'
import { linkGroup, unpinnedMtu } from '../core/creation.js'
import { ipv4 } from '../core/ipv4.js'
import type { Link, LinkMap } from '../core/state.js'
import {
  type Attribute,
  decodeAttributes,
  encodeAttributes,
  listAttributes,
  mac,
  readIpv4,
  readMac,
  readText,
  readU32,
  text,
  u8,
  u16be,
  u32,
  u32be,
} from './attributes.js'
import { decodeFanMap, encodeFanMap, fanMapAttribute } from './fan-maps.js'
import { flags, NetlinkError, type Rtnetlink } from './socket.js'

/** Message types (include/uapi/linux/rtnetlink.h), and attributes of links (if_link.h). */
const types = { newLink: 16, delLink: 17, getLink: 18, delProperty: 109 } as const
const ifla = {
  address: 1,
  ifname: 3,
  mtu: 4,
  master: 10,
  linkinfo: 18,
  alias: 20,
  group: 27,
  extMask: 29,
  properties: 52,
} as const
/** IFLA_ALT_IFNAME, once for each, in the list of properties. */
const altname = 53
const info = { kind: 1, data: 2 } as const
const vxlan = { id: 1, local: 4, learning: 7, port: 15, collectMetadata: 25, vnifilter: 30 } as const
const iptun = { local: 2, collectMetadata: 19 } as const

const iffUp = 1
const iffLowerUp = 0x10000

/** struct ifinfomsg: family, type, index, flags, change. */
function header(index: number, up?: boolean): Buffer {
  const bytes = Buffer.alloc(16)
  u32(index).copy(bytes, 4)
  if (up !== undefined) {
    u32(up ? iffUp : 0).copy(bytes, 8)
    u32(iffUp).copy(bytes, 12)
  }
  return bytes
}

/** A link as found, ours or not. */
export interface FoundLink {
  readonly index: number
  readonly name: string
  /** Other names that it goes by. */
  readonly altnames: readonly string[]
  /** `bridge`, `vxlan`, `ipip`, or another program's kind; undefined for hardware. */
  readonly kind: string | undefined
  readonly mac: string | undefined
  readonly mtu: number
  readonly up: boolean
  /** Whether there is somebody at the other end of the cable. */
  readonly carrier: boolean
  readonly alias: string
  /** The index of the bridge, bond or the like that it is attached to; 0 for none. */
  readonly master: number
  readonly group: number
  readonly port: number | undefined
  /** The VNI that a vxlan link with a map was made with. */
  readonly vni: number | undefined
  /** On Ubuntu's fan kernels. */
  readonly fanMap: LinkMap | undefined
}

/** What sets a kind apart in the creating message. */
export function kindData(link: Link): Attribute[] {
  switch (link.kind) {
    case 'bridge':
      return []
    case 'vxlan':
      return [
        [vxlan.learning, u8(0)],
        [vxlan.port, u16be(link.port)],
        ...(link.fanMap
          ? ([
              [vxlan.id, u32(link.vnis[0] ?? 0)],
              [vxlan.local, u32be(link.fanMap.local)],
              encodeFanMap(link.fanMap),
            ] as const)
          : ([
              [vxlan.collectMetadata, u8(1)],
              [vxlan.vnifilter, u8(1)],
            ] as const)),
      ]
    case 'ipip':
      return link.fanMap
        ? [[iptun.local, u32be(link.fanMap.local)], encodeFanMap(link.fanMap)]
        : [[iptun.collectMetadata, Buffer.alloc(0)]]
    default:
      return link satisfies never
  }
}

/**
 * Makes a link, down and marked as ours by its group in the same message.
 * `ip link add NAME address MAC mtu MTU group GROUP type KIND …`. Throws NetlinkError.
 */
export async function addLink(netlink: Rtnetlink, link: Link): Promise<void> {
  const attributes: Attribute[] = [
    [ifla.ifname, text(link.name)],
    [ifla.mtu, u32(link.kind === 'bridge' ? unpinnedMtu(link.mtu) : link.mtu)],
    [ifla.group, u32(linkGroup)],
    ...(link.kind === 'ipip' ? [] : ([[ifla.address, mac(link.mac)]] as const)),
    [
      ifla.linkinfo,
      [
        [info.kind, text(link.kind)],
        [info.data, kindData(link)],
      ],
    ],
  ]
  const body = Buffer.concat([header(0), encodeAttributes(attributes)])
  await netlink.request(types.newLink, flags.create | flags.exclusive, body)
}

/** Changes a link in place. `master` is the index of the bridge in `change.bridge`. `ip link set NAME …` */
export async function setLink(netlink: Rtnetlink, index: number, change: LinkTraits, master: number): Promise<void> {
  const attributes: Attribute[] = []
  if (change.mac !== undefined) attributes.push([ifla.address, mac(change.mac)])
  if (change.mtu !== undefined) attributes.push([ifla.mtu, u32(change.mtu)])
  if (change.alias !== undefined) attributes.push([ifla.alias, text(change.alias)])
  if (change.bridge !== undefined) attributes.push([ifla.master, u32(master)])
  const body = Buffer.concat([header(index, change.up), encodeAttributes(attributes)])
  await netlink.request(types.newLink, 0, body)
}

/**
 * Takes a link down and renames it, also to one of its alternative names. If the name is refused, it is up again.
 * `ip link property del dev NAME altname NEW`, `ip link set NAME down`, `… name NEW`
 */
export async function renameLink(netlink: Rtnetlink, { index, up, altnames }: FoundLink, name: string): Promise<void> {
  if (altnames.includes(name)) {
    const property = encodeAttributes([[ifla.properties, [[altname, text(name)]]]])
    await netlink.request(types.delProperty, 0, Buffer.concat([header(index), property]))
  }
  if (up) await setLink(netlink, index, { up: false }, 0)
  try {
    const body = Buffer.concat([header(index), encodeAttributes([[ifla.ifname, text(name)]])])
    await netlink.request(types.newLink, 0, body)
  } catch (error) {
    if (up) await setLink(netlink, index, { up }, 0)
    throw error
  }
}

/** `ip link del NAME` */
export async function delLink(netlink: Rtnetlink, index: number): Promise<void> {
  await netlink.request(types.delLink, 0, header(index))
}

/** All links of the network namespace. `ip -d link` */
export async function listLinks(netlink: Rtnetlink): Promise<FoundLink[]> {
  // Bit 3 (RTEXT_FILTER_SKIP_STATS) spares the kernel the counters.
  const body = Buffer.concat([header(0), encodeAttributes([[ifla.extMask, u32(8)]])])
  return (await netlink.dump(types.getLink, body)).map(decodeLink)
}

/**
 * The link with this name. The kernel also finds those that have it as an alternative name: they are other links.
 * Throws NetlinkError: ENODEV for none.
 */
export async function findLink(netlink: Rtnetlink, name: string): Promise<FoundLink> {
  const body = Buffer.concat([header(0), encodeAttributes([[ifla.ifname, text(name)]])])
  const [answer] = await netlink.request(types.getLink, 0, body)
  const link = answer && decodeLink(answer)
  if (link?.name !== name) throw new NetlinkError('ENODEV', undefined)
  return link
}

/** The number of a link. Throws NetlinkError: ENODEV for none. */
export async function indexOf(netlink: Rtnetlink, name: string): Promise<number> {
  return (await findLink(netlink, name)).index
}

function decodeLink(message: Buffer): FoundLink {
  const attributes = decodeAttributes(message.subarray(16))
  const linkinfo = decodeAttributes(attributes.get(ifla.linkinfo))
  const kind = readText(linkinfo.get(info.kind))
  const data = decodeAttributes(linkinfo.get(info.data))
  const linkFlags = readU32(message.subarray(8)) ?? 0
  return {
    index: readU32(message.subarray(4)) ?? 0,
    name: readText(attributes.get(ifla.ifname)) ?? '',
    altnames: altnamesIn(attributes.get(ifla.properties)),
    kind,
    mac: readMac(attributes.get(ifla.address)),
    mtu: readU32(attributes.get(ifla.mtu)) ?? 0,
    up: (linkFlags & iffUp) !== 0,
    carrier: (linkFlags & iffLowerUp) !== 0,
    alias: readText(attributes.get(ifla.alias)) ?? '',
    master: readU32(attributes.get(ifla.master)) ?? 0,
    group: readU32(attributes.get(ifla.group)) ?? 0,
    port: kind === 'vxlan' ? data.get(vxlan.port)?.readUInt16BE() : undefined,
    vni: kind === 'vxlan' ? readU32(data.get(vxlan.id)) : undefined,
    fanMap: decodeLinkMap(kind, data),
  }
}

function altnamesIn(properties: Buffer | undefined): string[] {
  const all = properties ? listAttributes(properties) : []
  return all.flatMap(({ type, data }) => (type === altname ? (readText(data) ?? []) : []))
}

function decodeLinkMap(kind: string | undefined, data: ReadonlyMap<number, Buffer>): LinkMap | undefined {
  if (kind !== 'vxlan' && kind !== 'ipip') return undefined
  const map = decodeFanMap(data.get(fanMapAttribute))
  const local = readIpv4(data.get(kind === 'vxlan' ? vxlan.local : iptun.local))
  return map && { local: local ?? ipv4(0), ...map }
}
