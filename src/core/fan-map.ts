/**
 * The fan map: which overlay addresses belong to which underlay host.
 *
 * With overlay O/o, underlay U/u and b = 32 - u host bits, host H owns
 *
 *     slice of H = O + (H mod 2^b) × 2^(32 - o - b), length o + b
 *     owner of D = U + (D - O) div 2^(32 - o - b)
 *
 * 250.0.0.0/8 over 10.0.0.0/16: host 10.0.3.4 owns 250.3.4.0/24, and 250.7.8.9 belongs to 10.0.7.8.
 */
import { FanError } from './errors.js'
import {
  contains,
  formatAddress,
  formatPrefix,
  hasHostBits,
  type Ipv4,
  ipv4,
  lastOf,
  networkOf,
  overlaps,
  type Prefix,
  sizeOf,
} from './ipv4.js'

/** A pair of networks that satisfies every rule of a fan. Made by `fanMap` only. */
export interface FanMap {
  readonly overlay: Prefix
  readonly underlay: Prefix
}

/** The map as one of its hosts has it. */
export interface HostMap extends FanMap {
  /** That host's address on the underlay. */
  readonly host: Ipv4
}

/** The addresses that DHCP may hand out, both ends included. */
export interface Pool {
  readonly first: Ipv4
  readonly last: Ipv4
}

const reserved: readonly Prefix[] = [
  { address: ipv4(0), length: 8 },
  { address: ipv4(127 * 2 ** 24), length: 8 },
  { address: ipv4(224 * 2 ** 24), length: 4 },
]

/**
 * A fan map from two networks. Host bits of the underlay are dropped: they name a host, not a network.
 * Throws OVERLAY_HOST_BITS, OVERLAY_RESERVED, OVERLAY_NOT_WIDER, SLICE_TOO_SMALL or OVERLAY_ON_UNDERLAY.
 */
export function fanMap(overlay: Prefix, underlayOrHost: Prefix): FanMap {
  const underlay = networkOf(underlayOrHost)
  const texts = { overlay: formatPrefix(overlay), underlay: formatPrefix(underlay) }
  checkLengths(overlay, underlay.length, texts.underlay)
  if (overlaps(overlay, underlay)) throw new FanError('OVERLAY_ON_UNDERLAY', texts)
  return { overlay, underlay }
}

/**
 * What can be told of a map while only the length of its underlay is known, which `underlay` names.
 * Throws OVERLAY_HOST_BITS, OVERLAY_RESERVED, OVERLAY_NOT_WIDER or SLICE_TOO_SMALL.
 */
export function checkLengths(overlay: Prefix, underlayLength: number, underlay: string): void {
  const texts = { overlay: formatPrefix(overlay), underlay }
  if (hasHostBits(overlay))
    throw new FanError('OVERLAY_HOST_BITS', { ...texts, network: formatPrefix(networkOf(overlay)) })
  for (const range of reserved)
    if (overlaps(overlay, range))
      throw new FanError('OVERLAY_RESERVED', { overlay: texts.overlay, range: formatPrefix(range) })
  if (overlay.length >= underlayLength)
    throw new FanError('OVERLAY_NOT_WIDER', { ...texts, overlayLength: overlay.length, underlayLength })
  const sliceLength = overlay.length + 32 - underlayLength
  if (sliceLength > 30) throw new FanError('SLICE_TOO_SMALL', { ...texts, sliceLength, most: underlayLength - 2 })
}

/** How many low bits of an underlay address tell hosts apart. */
export function hostBitsOf(map: FanMap): number {
  return 32 - map.underlay.length
}

/** The length of every slice of the map. */
export function sliceLengthOf(map: FanMap): number {
  return map.overlay.length + hostBitsOf(map)
}

/** How many underlay addresses the map covers. */
export function hostsOf(map: FanMap): number {
  return 2 ** hostBitsOf(map)
}

/** How many addresses a slice has for containers: all but network, gateway and broadcast. */
export function addressesPerHostOf(map: FanMap): number {
  return sizeOf(sliceLengthOf(map)) - 3
}

/** The overlay prefix that one underlay host owns. Throws HOST_OUTSIDE_UNDERLAY. */
export function sliceOf(map: FanMap, host: Ipv4): Prefix {
  if (!contains(map.underlay, host))
    throw new FanError('HOST_OUTSIDE_UNDERLAY', { host: formatAddress(host), underlay: formatPrefix(map.underlay) })
  const length = sliceLengthOf(map)
  const hostPart = host % hostsOf(map)
  return { address: ipv4(map.overlay.address + hostPart * sizeOf(length)), length }
}

/** The underlay host that owns an overlay address. Throws ADDRESS_OUTSIDE_OVERLAY. */
export function ownerOf(map: FanMap, address: Ipv4): Ipv4 {
  if (!contains(map.overlay, address))
    throw new FanError('ADDRESS_OUTSIDE_OVERLAY', {
      address: formatAddress(address),
      overlay: formatPrefix(map.overlay),
    })
  return ipv4(map.underlay.address + Math.floor((address - map.overlay.address) / sizeOf(sliceLengthOf(map))))
}

/** The first address of a slice. The host's bridge has it. */
export function gatewayOf(slice: Prefix): Ipv4 {
  return ipv4(slice.address + 1)
}

/** The most that `hostReserve` may be: one address stays for a container. */
export function largestReserveOf(slice: Prefix): number {
  return sizeOf(slice.length) - 3
}

/**
 * The part of a slice that DHCP may use. `hostReserve` addresses are kept out of it, counted from the gateway,
 * so 1 keeps only the gateway. Throws HOST_RESERVE_INVALID.
 */
export function poolOf(slice: Prefix, hostReserve = 1): Pool {
  const most = largestReserveOf(slice)
  if (!Number.isInteger(hostReserve) || hostReserve < 1 || hostReserve > most)
    throw new FanError('HOST_RESERVE_INVALID', { value: String(hostReserve), most, slice: formatPrefix(slice) })
  return { first: ipv4(slice.address + 1 + hostReserve), last: ipv4(lastOf(slice) - 1) }
}

/** The role of a host address that no machine can have, undefined for every other. */
export function unusableRoleOf(map: FanMap, host: Ipv4): 'network' | 'broadcast' | undefined {
  if (hostBitsOf(map) < 2) return undefined
  if (host === map.underlay.address) return 'network'
  return host === lastOf(map.underlay) ? 'broadcast' : undefined
}
