/** VXLAN. `ip link add NAME … type vxlan dstport PORT nolearning external vnifilter`, or with a fan map, VNI and local. */
import { type Attribute, readIpv4, readU16be, readU32, u8, u16be, u32, u32be } from '../attributes.js'
import { decodeFanMap, encodeFanMap, fanMapAttribute } from '../fan-maps.js'
import { means } from '../refusals.js'
import type { LinkKind, LinkOf } from './kind.js'

/** Attributes of its data (include/uapi/linux/if_link.h). */
const vxlanAttributes = { id: 1, local: 4, learning: 7, port: 15, collectMetadata: 25, vnifilter: 30 } as const

function destinationOf({ fanMap, vnis }: LinkOf<'vxlan'>): Attribute[] {
  if (!fanMap)
    return [
      [vxlanAttributes.collectMetadata, u8(1)],
      [vxlanAttributes.vnifilter, u8(1)],
    ]
  const [vni] = vnis
  if (vni === undefined) throw new Error('a vxlan link with a map has one VNI')
  return [[vxlanAttributes.id, u32(vni)], [vxlanAttributes.local, u32be(fanMap.local)], encodeFanMap(fanMap)]
}

export const vxlan: LinkKind<'vxlan'> = {
  encode: (link) => [
    [vxlanAttributes.learning, u8(0)],
    [vxlanAttributes.port, u16be(link.port)],
    ...destinationOf(link),
  ],
  decode: (data) => ({
    port: readU16be(data.get(vxlanAttributes.port)),
    vni: readU32(data.get(vxlanAttributes.id)),
    fanMap: decodeFanMap(data.get(fanMapAttribute), readIpv4(data.get(vxlanAttributes.local))),
  }),
  // The filter is the newest of its attributes.
  refusals: ({ fanMap }) =>
    fanMap ? {} : { EINVAL: means('KERNEL_TOO_OLD', { feature: 'the VNI filter of vxlan links', since: '5.18' }) },
}
