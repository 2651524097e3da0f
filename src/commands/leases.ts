import { type LeasesView, viewLeases } from '../results/leases.js'
import { FanCommand } from './base.js'
import { printTable } from './output.js'

export class Leases extends FanCommand {
  static override summary = 'List the addresses that DHCP has leased to containers.'
  static override examples = ['<%= config.bin %> leases']

  async run(): Promise<LeasesView> {
    await this.parse(Leases)
    const { listLeases } = await import('../app/leases.js')
    const { pathsFrom } = await import('../config/paths.js')
    const { storedLeases } = await import('../linux/files.js')
    const view = viewLeases(listLeases(storedLeases(pathsFrom(process.env))))
    this.print(view, leasesTable)
    return view
  }
}

function leasesTable({ leases }: LeasesView): string {
  const rows = leases.map(({ bridge, address, mac, hostname, expires }) => [
    bridge,
    address,
    mac,
    hostname ?? '-',
    expires ?? 'never',
  ])
  return printTable([['Bridge', 'Address', 'MAC', 'Hostname', 'Expires'], ...rows])
}
