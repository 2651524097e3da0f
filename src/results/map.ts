/** `map`: its beginning, a row an address, and its end, for there may be a million rows. */
import * as z from 'zod/mini'
import { type MappedAddress, mapSides } from '../app/map.js'
import { addressesPerHostOf, type FanMap, gatewayOf, hostsOf, poolOf, sliceLengthOf } from '../core/fan-map.js'
import { formatAddress, formatPrefix } from '../core/ipv4.js'
import { format, pool, problem, viewPool, warnings } from './parts.js'

export const mapSchema = () =>
  z.object({
    format: format(),
    overlay: z.string(),
    underlay: z.string(),
    hosts: z.int(),
    addressesPerHost: z.int(),
    sliceLength: z.int(),
    addresses: z.array(
      z.object({
        address: z.string(),
        side: z.enum(mapSides),
        host: z.string(),
        slice: z.string(),
        gateway: z.string(),
        pool: pool(),
      }),
    ),
    warnings: warnings(),
    /** A line of the input that is wrong. The addresses before it are there. */
    error: z.optional(problem()),
  })
type MapView = z.infer<ReturnType<typeof mapSchema>>
export type MapRow = MapView['addresses'][number]

/** What stands before the addresses. */
export function viewMap(map: FanMap): Omit<MapView, 'addresses' | 'warnings' | 'error'> {
  return {
    format: 1,
    overlay: formatPrefix(map.overlay),
    underlay: formatPrefix(map.underlay),
    hosts: hostsOf(map),
    addressesPerHost: addressesPerHostOf(map),
    sliceLength: sliceLengthOf(map),
  }
}

export function viewMapped({ address, side, host, slice }: MappedAddress): MapRow {
  return {
    address: formatAddress(address),
    side,
    host: formatAddress(host),
    slice: formatPrefix(slice),
    gateway: formatAddress(gatewayOf(slice)),
    pool: viewPool(poolOf(slice)),
  }
}
