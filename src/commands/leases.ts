import type { LeasesView } from '../app/results.js'
import { FanCommand } from './base.js'
import { printTable } from './output.js'

export class Leases extends FanCommand {
  static override summary = 'List the addresses that DHCP has given to containers.'
  static override examples = ['<%= config.bin %> leases']

  async run(): Promise<LeasesView> {
    await this.parse(Leases)
    const { listLeases } = await import('../app/leases.js')
    const { pathsFrom } = await import('../app/paths.js')
    const view = listLeases(pathsFrom(process.env))
    const rows = view.leases.map(({ bridge, address, mac, hostname, expires }) => [
      bridge,
      address,
      mac,
      hostname ?? '-',
      expires ?? 'never',
    ])
    this.log(printTable([['Bridge', 'Address', 'MAC', 'Hostname', 'Expires'], ...rows]))
    return view
  }
}
