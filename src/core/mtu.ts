import { FanError } from './errors.js'

/** Every IPv4 host has to take packets of 576 bytes (RFC 791), so no container gets less. */
export const smallestMtu = 576

/** An IPv4 packet has at most this many bytes. */
export const largestMtu = 65_535

/**
 * The MTU of a fan that is up, whatever has become of its underlay meanwhile: as much of `wanted` as fits. `overhead` is
 * what the type of the fan adds to a packet.
 */
export function fittingMtu(overhead: number, underlayMtu: number, wanted = largestMtu): number {
  return Math.max(smallestMtu, Math.min(wanted, underlayMtu - overhead))
}

/**
 * The largest packet in bytes that containers may send. It follows the underlay link, unless `wanted` asks for less.
 * Throws MTU_INVALID, UNDERLAY_MTU_TOO_SMALL.
 */
export function mtuFor(overhead: number, underlayMtu: number, wanted?: number): number {
  const most = underlayMtu - overhead
  if (most < smallestMtu)
    throw new FanError('UNDERLAY_MTU_TOO_SMALL', { underlayMtu, smallest: smallestMtu + overhead })
  if (wanted === undefined) return most
  if (!Number.isInteger(wanted) || wanted < smallestMtu || wanted > most)
    throw new FanError('MTU_INVALID', {
      value: String(wanted),
      smallest: smallestMtu,
      most,
      underlayMtu,
      overhead,
    })
  return wanted
}
