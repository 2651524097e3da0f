/**
 * The map of a tunnel on Ubuntu's fan kernels: an attribute of the tunnel's own data that holds one attribute for each
 * mapping. Its number is 33 for ipip and for vxlan; other kernels use that of vxlan for something else since 6.14
 * (IFLA_VXLAN_RESERVED_BITS, 8 bytes), so only a map that reads back is one.
 */
import type { Ipv4, Prefix } from '../core/ipv4.js'
import type { LinkMap } from '../core/state.js'
import { type Attribute, need, readIpv4, readU16, u16, u16At, u32be } from './attributes.js'

/** IFLA_IPTUN_FAN_MAP and IFLA_VXLAN_FAN_MAP; inside it IFLA_FAN_MAPPING. */
export const fanMapAttribute = 33
const mapping = 1

/** struct ifla_fan_map: underlay and overlay in network byte order, then their lengths in the machine's. */
export function encodeFanMap({ overlay, underlay }: Omit<LinkMap, 'local'>): Attribute {
  const map = [u32be(underlay.address), u32be(overlay.address), u16(underlay.length), u16(overlay.length)]
  return [fanMapAttribute, [[mapping, Buffer.concat(map)]]]
}

/** An attribute with its header: length and type. */
const mappingBytes = 4 + 12
/** The two upper bits of a type are flags. */
const typeMask = 0x3fff

/** The only mapping in the attribute, with the outer source of its link; undefined for anything else. */
export function decodeFanMap(bytes: Buffer | undefined, local: Ipv4 | undefined): LinkMap | undefined {
  if (bytes?.length !== mappingBytes || readU16(bytes) !== mappingBytes) return undefined
  if ((u16At(bytes, 2) & typeMask) !== mapping || local === undefined) return undefined
  const data = bytes.subarray(4)
  const prefixAt = (address: number, length: number): Prefix => ({
    address: need(readIpv4(data.subarray(address)), 'an address of a fan map'),
    length: u16At(data, length),
  })
  return {
    local,
    underlay: prefixAt(0, 8),
    overlay: prefixAt(4, 10),
  }
}
