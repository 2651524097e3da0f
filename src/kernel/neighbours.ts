/** The ARP table and the tables of bridges over rtnetlink. */
import type { FoundNeighbour, FoundStation } from '../core/found.js'
import type { Ipv4 } from '../core/ipv4.js'
import type { Neighbour } from '../core/state.js'
import {
  decodeAttributes,
  encodeAttributes,
  mac,
  readIpv4,
  readMac,
  u16,
  u16At,
  u32,
  u32At,
  u32be,
} from './attributes.js'
import { families, messages, permanent } from './constants.js'
import { indexOf } from './links/find.js'
import { flags, type Rtnetlink } from './socket.js'

/** Attributes (include/uapi/linux/neighbour.h). */
const nda = { destination: 1, mac: 2 } as const

/** The bits of a neighbour's state: NUD_INCOMPLETE, NUD_FAILED; NUD_REACHABLE, NUD_NOARP, NUD_PERMANENT. */
const silent = 0x01 + 0x20
const reachable = 0x02 + 0x40 + permanent

/** `ip neigh add ADDRESS lladdr MAC dev LINK nud permanent`, or in place of one that was learned. Throws NetlinkError. */
export async function addNeighbours(netlink: Rtnetlink, link: string, all: readonly Neighbour[]): Promise<void> {
  const bodies = await messagesOf(netlink, link, all)
  const purpose = { op: `ip neigh add … dev ${link}` }
  await netlink.requestAll(purpose, messages.newNeighbour, flags.create | flags.replace, bodies)
}

/** `ip neigh del ADDRESS dev LINK`. Throws NetlinkError. */
export async function delNeighbours(netlink: Rtnetlink, link: string, all: readonly Neighbour[]): Promise<void> {
  const bodies = await messagesOf(netlink, link, all)
  await netlink.requestAll({ op: `ip neigh del … dev ${link}` }, messages.delNeighbour, 0, bodies)
}

async function messagesOf(netlink: Rtnetlink, link: string, all: readonly Neighbour[]): Promise<Buffer[]> {
  const index = await indexOf(netlink, link)
  return all.map((one) => neighbourMessage(index, one))
}

/** struct ndmsg: family, index, state, flags, type. Then the attributes. */
export function neighbourMessage(index: number, { address, mac: hardware }: Neighbour): Buffer {
  const header = Buffer.concat([Buffer.from([families.inet, 0, 0, 0]), u32(index), u16(permanent), Buffer.alloc(2)])
  const attributes = encodeAttributes([
    [nda.destination, u32be(address)],
    [nda.mac, mac(hardware)],
  ])
  return Buffer.concat([header, attributes])
}

/** An entry of the ARP table or of a bridge's own. */
interface Entry {
  readonly link: string
  /** The bits of NUD_…. */
  readonly state: number
  readonly address: Ipv4 | undefined
  readonly mac: string | undefined
}

function ask(netlink: Rtnetlink, op: string, family: number): Promise<readonly Buffer[]> {
  return netlink.dump(op, messages.getNeighbour, Buffer.concat([Buffer.from([family]), Buffer.alloc(11)]))
}

async function dump(netlink: Rtnetlink, op: string, family: number): Promise<Entry[]> {
  const found = await ask(netlink, op, family)
  return found.map((message) => decodeEntry(message, (index) => netlink.directory.nameOf(index)))
}

function decodeEntry(message: Buffer, nameOf: (index: number) => string): Entry {
  const attributes = decodeAttributes(message.subarray(12))
  return {
    link: nameOf(u32At(message, 4)),
    state: u16At(message, 8),
    address: readIpv4(attributes.get(nda.destination)),
    mac: readMac(attributes.get(nda.mac)),
  }
}

/** `ip neigh show nud permanent` */
export async function listPermanent(netlink: Rtnetlink): Promise<Neighbour[]> {
  const all = await ask(netlink, 'ip neigh show nud permanent', families.inet)
  return all.flatMap((message) => decodeNeighbour(message, (index) => netlink.directory.nameOf(index)) ?? [])
}

/**
 * A permanent entry, undefined for any other. On a link without hardware addresses one has none, and is nothing that a fan
 * makes.
 */
export function decodeNeighbour(message: Buffer, nameOf: (index: number) => string): Neighbour | undefined {
  const { link, state, address, mac: hardware } = decodeEntry(message, nameOf)
  if ((state & permanent) === 0 || address === undefined || hardware === undefined) return undefined
  return { link, address, mac: hardware }
}

/** Who has been asked for by ARP. `ip -4 neigh` */
export async function listNeighbours(netlink: Rtnetlink): Promise<FoundNeighbour[]> {
  return (await dump(netlink, 'ip -4 neigh', families.inet)).flatMap(({ link, state, address, mac: hardware }) =>
    address === undefined ? [] : { link, address, mac: hardware, state: wordFor(state) },
  )
}

function wordFor(state: number): FoundNeighbour['state'] {
  if ((state & silent) !== 0) return 'silent'
  return (state & reachable) !== 0 ? 'reachable' : 'stale'
}

/** Behind which port of its bridge each hardware address was seen. `bridge fdb`, without the ports' own. */
export async function listStations(netlink: Rtnetlink): Promise<FoundStation[]> {
  return (await dump(netlink, 'bridge fdb', families.bridge)).flatMap(({ link, state, mac: hardware }) =>
    hardware === undefined || (state & permanent) !== 0 ? [] : { port: link, mac: hardware },
  )
}
