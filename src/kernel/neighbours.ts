/** Permanent entries of the ARP table over rtnetlink. */
import { type Ipv4, ipv4 } from '../core/ipv4.js'
import type { Neighbour } from '../core/state.js'
import {
  decodeAttributes,
  encodeAttributes,
  mac,
  readIpv4,
  readMac,
  readU16,
  readU32,
  u16,
  u32,
  u32be,
} from './attributes.js'
import { flags, type Rtnetlink } from './socket.js'

/** Message types and attributes (include/uapi/linux/{rtnetlink,neighbour}.h). */
const types = { newNeighbour: 28, delNeighbour: 29, getNeighbour: 30 } as const
const nda = { destination: 1, mac: 2 } as const
export const afInet = 2
/** NUD_PERMANENT */
export const permanent = 0x80

export interface FoundNeighbour {
  readonly index: number
  readonly address: Ipv4
  readonly mac: string
}

/** `ip neigh add ADDRESS lladdr MAC dev LINK nud permanent`, or in place of one that was learned. Throws NetlinkError. */
export async function addNeighbours(netlink: Rtnetlink, index: number, all: readonly Neighbour[]): Promise<void> {
  const bodies = all.map((one) => neighbourMessage(index, one))
  await netlink.requestAll(types.newNeighbour, flags.create | flags.replace, bodies)
}

/** `ip neigh del ADDRESS dev LINK`. Throws NetlinkError. */
export async function delNeighbours(netlink: Rtnetlink, index: number, all: readonly Neighbour[]): Promise<void> {
  const bodies = all.map((one) => neighbourMessage(index, one))
  await netlink.requestAll(types.delNeighbour, 0, bodies)
}

/** struct ndmsg: family, index, state, flags, type. Then the attributes. */
export function neighbourMessage(index: number, { address, mac: hardware }: Neighbour): Buffer {
  const header = Buffer.concat([Buffer.from([afInet, 0, 0, 0]), u32(index), u16(permanent), Buffer.alloc(2)])
  const attributes = encodeAttributes([
    [nda.destination, u32be(address)],
    [nda.mac, mac(hardware)],
  ])
  return Buffer.concat([header, attributes])
}

/** An entry of the ARP table or of a bridge's own. */
export interface NeighbourEntry {
  readonly index: number
  /** The bits of NUD_… (include/uapi/linux/neighbour.h). */
  readonly state: number
  readonly address: Ipv4 | undefined
  readonly mac: string | undefined
}

/** All entries of an address family. Throws NetlinkError or KERNEL_BUSY. */
export async function dumpNeighbours(netlink: Rtnetlink, family: number): Promise<NeighbourEntry[]> {
  const request = Buffer.concat([Buffer.from([family]), Buffer.alloc(11)])
  return (await netlink.dump(types.getNeighbour, request)).map(decodeEntry)
}

function decodeEntry(message: Buffer): NeighbourEntry {
  const attributes = decodeAttributes(message.subarray(12))
  return {
    index: readU32(message.subarray(4)) ?? 0,
    state: readU16(message.subarray(8)) ?? 0,
    address: readIpv4(attributes.get(nda.destination)),
    mac: readMac(attributes.get(nda.mac)),
  }
}

/** `ip neigh show nud permanent` */
export async function listPermanent(netlink: Rtnetlink): Promise<FoundNeighbour[]> {
  return (await dumpNeighbours(netlink, afInet)).flatMap((entry) => permanentOf(entry) ?? [])
}

/** A permanent entry, undefined for any other. */
export function decodeNeighbour(message: Buffer): FoundNeighbour | undefined {
  return permanentOf(decodeEntry(message))
}

function permanentOf({ index, state, address, mac: hardware }: NeighbourEntry): FoundNeighbour | undefined {
  if ((state & permanent) === 0) return undefined
  return { index, address: address ?? ipv4(0), mac: hardware ?? '' }
}
