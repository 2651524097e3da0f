/** `fanctl leases`: what DHCP has given, read from the files that outlive `down` and reboots. */
import { formatAddress } from '../core/ipv4.js'
import type { LeasesView } from '../results/results.js'
import type { LeaseStore } from './ports/lookups.js'

/** The leases of every bridge that ever had a server. Needs neither root nor the kernel. Throws FILE_UNUSABLE. */
export function listLeases(store: LeaseStore): LeasesView {
  const stored = store.leases()
  const leases = stored.flatMap(({ bridge, leases: all }) =>
    all.map(({ address, mac, hostname, expires }) => ({
      bridge,
      address: formatAddress(address),
      mac,
      hostname: hostname ?? null,
      expires: expires?.toISOString() ?? null,
    })),
  )
  return { format: 1, leases, warnings: stored.flatMap(({ problem }) => problem?.message ?? []) }
}
