/** IPv4 in IPv4. `ip link add NAME … type ipip external`, or with a fan map and `local ADDRESS`. */
import { readIpv4, u32be } from '../attributes.js'
import { decodeFanMap, encodeFanMap, fanMapAttribute } from '../fan-maps.js'
import { means } from '../refusals.js'
import type { LinkKind } from './kind.js'

/** Attributes of its data (include/uapi/linux/if_tunnel.h). */
const iptun = { local: 2, collectMetadata: 19 } as const

export const ipip: LinkKind<'ipip'> = {
  encode: ({ fanMap }) =>
    fanMap ? [[iptun.local, u32be(fanMap.local)], encodeFanMap(fanMap)] : [[iptun.collectMetadata, Buffer.alloc(0)]],
  decode: (data) => ({ fanMap: decodeFanMap(data.get(fanMapAttribute), readIpv4(data.get(iptun.local))) }),
  // A name that is taken would have been seen before; of `external` ones a namespace can have only one.
  refusals: () => ({ EEXIST: means('TUNNEL_CONFLICT', {}) }),
}
