/** What messages about links hold. */
import { linkGroup } from '../../core/creation.js'
import type { FoundLink } from '../../core/found.js'
import { decodeAttributes, listAttributes, need, readMac, readText, readU32, u32, u32At } from '../attributes.js'
import type { KindFacts } from './kind.js'
import { decodeKind } from './kinds.js'

/** Attributes of links (include/uapi/linux/if_link.h). */
export const ifla = {
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
export const altname = 53
export const info = { kind: 1, data: 2 } as const

const iffUp = 1
const iffLowerUp = 0x10000

/** struct ifinfomsg: family, type, index, flags, change. */
export function header(index: number, up?: boolean): Buffer {
  const bytes = Buffer.alloc(16)
  u32(index).copy(bytes, 4)
  if (up !== undefined) {
    u32(up ? iffUp : 0).copy(bytes, 8)
    u32(iffUp).copy(bytes, 12)
  }
  return bytes
}

/** A link as one message tells of it: what is on it, and its settings, are told elsewhere. */
export interface ToldLink extends Omit<FoundLink, 'bridge' | 'clsact' | 'vnis' | 'sysctls'>, Pick<KindFacts, 'vni'> {
  readonly index: number
  /** The index of the bridge, bond or the like that it is attached to; undefined for none. */
  readonly master: number | undefined
}

/** Throws an Error for a message without what each link has. */
export function decodeLink(message: Buffer): ToldLink {
  const attributes = decodeAttributes(message.subarray(16))
  const linkinfo = decodeAttributes(attributes.get(ifla.linkinfo))
  const kind = readText(linkinfo.get(info.kind))
  const facts = decodeKind(kind, decodeAttributes(linkinfo.get(info.data)))
  const flags = u32At(message, 8)
  return {
    index: u32At(message, 4),
    name: need(readText(attributes.get(ifla.ifname)), 'IFLA_IFNAME'),
    altnames: altnamesIn(attributes.get(ifla.properties)),
    kind,
    ours: need(readU32(attributes.get(ifla.group)), 'IFLA_GROUP') === linkGroup,
    mac: readMac(attributes.get(ifla.address)),
    mtu: need(readU32(attributes.get(ifla.mtu)), 'IFLA_MTU'),
    up: (flags & iffUp) !== 0,
    carrier: (flags & iffLowerUp) !== 0,
    alias: readText(attributes.get(ifla.alias)) ?? '',
    master: readU32(attributes.get(ifla.master)),
    port: facts.port,
    vni: facts.vni,
    fanMap: facts.fanMap,
  }
}

function altnamesIn(properties: Buffer | undefined): string[] {
  const all = properties ? listAttributes(properties) : []
  return all.flatMap(({ type, data }) => (type === altname ? (readText(data) ?? []) : []))
}
