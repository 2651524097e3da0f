import { FanError } from './errors.js'
import type { Encapsulation } from './fan.js'

/**
 * Bytes that each encapsulation adds to an IPv4 packet. ipip: one IPv4 header. vxlan: IPv4 20, UDP 8, VXLAN 8 and the
 * inner Ethernet header 14 (RFC 7348, section 5).
 */
export const overheads: Readonly<Record<Encapsulation, number>> = { ipip: 20, vxlan: 50 }

/** Every IPv4 host has to take packets of 576 bytes (RFC 791), so no container gets less. */
export const smallestMtu = 576

/** An IPv4 packet has at most this many bytes. */
export const largestMtu = 65_535

/** The MTU of a fan that is up, whatever has become of its underlay meanwhile: as much of `wanted` as fits. */
export function fittingMtu(encapsulation: Encapsulation, underlayMtu: number, wanted = largestMtu): number {
  return Math.max(smallestMtu, Math.min(wanted, underlayMtu - overheads[encapsulation]))
}

/**
 * The largest packet in bytes that containers may send. It follows the underlay link, unless `wanted` asks for less.
 * Throws MTU_INVALID, UNDERLAY_MTU_TOO_SMALL.
 */
export function mtuFor(encapsulation: Encapsulation, underlayMtu: number, wanted?: number): number {
  const most = underlayMtu - overheads[encapsulation]
  if (most < smallestMtu)
    throw new FanError('UNDERLAY_MTU_TOO_SMALL', { underlayMtu, smallest: smallestMtu + overheads[encapsulation] })
  if (wanted === undefined) return most
  if (!Number.isInteger(wanted) || wanted < smallestMtu || wanted > most)
    throw new FanError('MTU_INVALID', {
      value: String(wanted),
      smallest: smallestMtu,
      most,
      underlayMtu,
      overhead: overheads[encapsulation],
    })
  return wanted
}
