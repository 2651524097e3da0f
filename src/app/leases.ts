/** `fanctl leases`: what DHCP has given, read from the files that outlive `down` and reboots. */
import type { Paths } from '../config/paths.js'
import type { Lease } from '../dnsmasq-conf/leases.js'
import { Dnsmasq } from '../services/dnsmasq.js'

export interface LeaseList {
  readonly leases: readonly (Lease & { readonly bridge: string })[]
  readonly warnings: readonly string[]
}

/** The leases of every bridge that ever had a server. Needs neither root nor the kernel. Throws FILE_UNUSABLE. */
export function listLeases(paths: Paths): LeaseList {
  const stored = new Dnsmasq(paths).leases()
  return {
    leases: stored.flatMap(({ bridge, leases }) => leases.map((lease) => ({ ...lease, bridge }))),
    warnings: stored.flatMap(({ problem }) => problem?.message ?? []),
  }
}
