/** `leases`. */
import * as z from 'zod/mini'
import type { LeaseList } from '../app/leases.js'
import { formatAddress } from '../core/ipv4.js'
import { format, warnings } from './parts.js'

export const leasesSchema = () =>
  z.object({
    format: format(),
    leases: z.array(
      z.object({
        bridge: z.string(),
        address: z.string(),
        mac: z.string(),
        hostname: z.nullable(z.string()),
        /** ISO 8601; null: never. */
        expires: z.nullable(z.string()),
      }),
    ),
    warnings: warnings(),
  })
export type LeasesView = z.infer<ReturnType<typeof leasesSchema>>

export function viewLeases({ leases, warnings }: LeaseList): LeasesView {
  return {
    format: 1,
    leases: leases.map(({ bridge, address, mac, hostname, expires }) => ({
      bridge,
      address: formatAddress(address),
      mac,
      hostname: hostname ?? null,
      expires: expires?.toISOString() ?? null,
    })),
    warnings: [...warnings],
  }
}
