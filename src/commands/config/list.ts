import { type ConfigListView, viewConfigList } from '../../results/config-list.js'
import { FanCommand, openFiles } from '../base.js'
import { printTable } from '../output.js'

export class ConfigList extends FanCommand {
  static override summary = 'List the networks of the fan file, and those for which settings are kept.'
  static override description = 'Looks at files only: whether the fans are up, "show" tells.'
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
