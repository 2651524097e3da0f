import { type ConfigListView, viewConfigList } from '../../results/config-list.js'
import { FanCommand, openFiles } from '../base.js'
import { printTable } from '../output.js'

export class ConfigList extends FanCommand {
  static override summary = 'List the networks in the fan file and those with kept settings.'
  static override description = 'Reads files only; to see which fans are up: "fanctl show".'
  static override examples = ['<%= config.bin %> config list']

  async run(): Promise<ConfigListView> {
    await this.parse(ConfigList)
    const { listConfig } = await import('../../app/config/list.js')
    const view = viewConfigList(listConfig(await openFiles()))
    this.printWarnings(view.warnings)
    this.print(view, networksTable)
    return view
  }
}

function networksTable({ networks }: ConfigListView): string {
  const rows = networks.map(({ underlay, overlay, line, state, settings }) => [
    underlay,
    overlay,
    `${line ?? '-'}`,
    state ?? '-',
    settings ?? '-',
  ])
  return printTable([['Underlay', 'Overlay', 'Line', 'State', 'Settings'], ...rows])
}
