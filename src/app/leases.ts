/** `fanctl leases`: what DHCP has given, read from the files that outlive `down` and reboots. */
import type { FoundLease, LeaseStore } from './ports/lookups.js'

export interface LeaseList {
  readonly leases: readonly FoundLease[]
  readonly warnings: readonly string[]
}

/** The leases of every bridge that ever had a server. Needs neither root nor the kernel. Throws FILE_UNUSABLE. */
export function listLeases(store: LeaseStore): LeaseList {
  const stored = store.leases()
  return {
    leases: stored.flatMap(({ bridge, leases }) => leases.map((lease) => ({ ...lease, bridge }))),
    warnings: stored.flatMap(({ problem }) => problem?.message ?? []),
  }
}
