/** Bridges. `ip link add NAME … type bridge` */
import type { LinkKind } from './kind.js'

export const bridge: LinkKind<'bridge'> = {
  encode: () => [],
  decode: () => ({}),
}
