import type { LeasesView } from '../app/results.js'
import { formatAddress } from '../core/ipv4.js'
import { FanCommand } from './base.js'
import { printTable } from './output.js'

export class Leases extends FanCommand {
  static override summary = 'List the addresses that DHCP has given to containers.'
  static override examples = ['<%= config.bin %> leases']

  async run(): Promise<LeasesView> {
    await this.parse(Leases)
    const { Dnsmasq } = await import('../services/dnsmasq.js')
    const { pathsFrom } = await import('../app/paths.js')
    const leases = new Dnsmasq(pathsFrom(process.env)).leases().flatMap(({ bridge, leases: all }) =>
      all.map(({ address, mac, hostname, expires }) => ({
        bridge,
        address: formatAddress(address),
        mac,
        hostname: hostname ?? null,
        expires: expires?.toISOString() ?? null,
      })),
    )
    const heading = ['Bridge', 'Address', 'MAC', 'Hostname', 'Expires']
    const rows = leases.map((lease) => [
      lease.bridge,
      lease.address,
      lease.mac,
      lease.hostname ?? '-',
      lease.expires ?? 'never',
    ])
    this.log(printTable([heading, ...rows]))
    return { format: 1, leases, warnings: [] }
  }
}
