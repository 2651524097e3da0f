/** What a fan's programs know of its tunnel. */
import type { Fan } from '../../../src/core/fan.js'
import type { Carrier } from '../../../src/core/steering/carrier.js'
import { ipipCarrier } from '../../../src/core/types/ipip.js'
import { vxlanCarrier } from '../../../src/core/types/vxlan/vxlan.js'

export function carrierOf(fan: Fan): Carrier {
  return { ipip: ipipCarrier, vxlan: vxlanCarrier(fan) }[fan.encapsulation]
}
