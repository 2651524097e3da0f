/** The options that only vxlan has. */
import type { Prefix } from '../../ipv4.js'
import type { TypeOptions } from '../type.js'

/** Linux' default UDP port for vxlan, which Ubuntu's fan and LXD use (`dstport 0`), not IANA's 4789. */
export const defaultPort = 8472

/** A VNI has 24 bits (RFC 7348); 0 is refused by the kernel's VNI filter. */
export const largestVni = 2 ** 24 - 1
export const largestPort = 65_535

/** The VNI that LXD derives from an overlay: the first three octets (driver_bridge.go). */
export function defaultVni(overlay: Prefix): number {
  return Math.floor(overlay.address / 256)
}

export function vniOf({ vni, overlay }: TypeOptions & { readonly overlay: Prefix }): number {
  return vni ?? defaultVni(overlay)
}

export function portOf({ port }: TypeOptions): number {
  return port ?? defaultPort
}
