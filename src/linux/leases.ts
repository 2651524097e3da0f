/** How many addresses DHCP has lent. */
import { FanError } from '../core/errors.js'
import type { Lease } from '../dnsmasq-conf/leases.js'
import type { Dnsmasq } from '../services/dnsmasq.js'

/** By bridge; none for one whose leases cannot be read. */
export function lentBy(dnsmasq: Pick<Dnsmasq, 'leases'>): Readonly<Record<string, number>> {
  const now = new Date()
  const isLent = ({ expires }: Lease) => expires === undefined || expires > now
  try {
    return Object.fromEntries(
      dnsmasq
        .leases()
        .filter(({ problem }) => problem === undefined)
        .map(({ bridge, leases }) => [bridge, leases.filter(isLent).length]),
    )
  } catch (error) {
    // `fanctl leases` says what is wrong with the folder. A fan is no less up for that.
    if (error instanceof FanError) return {}
    throw error
  }
}
