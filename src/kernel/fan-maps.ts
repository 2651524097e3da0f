/**
 * The map of a tunnel on Ubuntu's fan kernels: an attribute of the tunnel's own data that holds one attribute for each
 * mapping. Its number is 33 for ipip and for vxlan; other kernels use that of vxlan for something else since 6.14
 * (IFLA_VXLAN_RESERVED_BITS, 8 bytes), so only a map that reads back is one.
 */
import { ipv4, type Prefix } from '../core/ipv4.js'
import { type Attribute, readIpv4, readU16, u16, u32be } from './attributes.js'

/** IFLA_IPTUN_FAN_MAP and IFLA_VXLAN_FAN_MAP; inside it IFLA_FAN_MAPPING. */
export const fanMapAttribute = 33
const mapping = 1

export interface Mapping {
  readonly overlay: Prefix
  readonly underlay: Prefix
}

/** struct ifla_fan_map: underlay and overlay in network byte order, then their lengths in the machine's. */
export function encodeFanMap({ overlay, underlay }: Mapping): Attribute {
  const map = [u32be(underlay.address), u32be(overlay.address), u16(underlay.length), u16(overlay.length)]
  return [fanMapAttribute, [[mapping, Buffer.concat(map)]]]
}

/** An attribute with its header: length and type. */
const mappingBytes = 4 + 12
/** The two upper bits of a type are flags. */
const typeMask = 0x3fff

/** The only mapping in the attribute, undefined for anything else. */
export function decodeFanMap(bytes: Buffer | undefined): Mapping | undefined {
  if (bytes?.length !== mappingBytes || readU16(bytes) !== mappingBytes) return undefined
  if (((readU16(bytes.subarray(2)) ?? 0) & typeMask) !== mapping) return undefined
  const data = bytes.subarray(4)
  return {
    underlay: { address: readIpv4(data) ?? ipv4(0), length: readU16(data.subarray(8)) ?? 0 },
    overlay: { address: readIpv4(data.subarray(4)) ?? ipv4(0), length: readU16(data.subarray(10)) ?? 0 },
  }
}
