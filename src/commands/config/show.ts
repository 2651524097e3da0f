import { type ConfigShowView, viewConfig } from '../../results/config-show.js'
import { type ConfigShowNetworksView, viewNetworks } from '../../results/config-show-networks.js'
import { FanCommand, openFiles } from '../base.js'
import { networkFlags } from '../flags.js'
import { printTable } from '../output.js'
import { networksFrom, wordsOf } from '../request.js'

export class ConfigShow extends FanCommand {
  static override summary = 'Print the fan file and the kept settings, or every option of one fan and where it is set.'
  static override usage = 'config show [UNDERLAY OVERLAY]'
  static override examples = [
    '<%= config.bin %> config show',
    { command: '<%= config.bin %> config show 10.0.0.0/16 250.0.0.0/8', description: 'Print every option of one fan.' },
  ]
  static override strict = false
  static override flags = networkFlags

  async run(): Promise<ConfigShowView | ConfigShowNetworksView> {
    const { flags, raw } = await this.parse(ConfigShow)
    const { json: _, ...networks } = flags
    const words = wordsOf(raw)
    const { showConfig, showNetworks } = await import('../../app/config/show.js')
    const files = await openFiles()
    if (words.length > 0 || Object.keys(networks).length > 0) {
      const view = viewNetworks(showNetworks(files, networksFrom(networks, words)))
      this.print(view, optionsTable)
      return view
    }
    const view = viewConfig(showConfig(files))
    for (const { path, text } of [view.file, ...view.settings])
      this.log(text === null ? `# ${path} does not exist` : `# ${path}\n${text.trimEnd()}`)
    return view
  }
}

function optionsTable({ options }: ConfigShowNetworksView): string {
  const rows = options.map(({ option, value, from, source }) => [option, `${value ?? '-'}`, source ?? from])
  return printTable([['Option', 'Value', 'From'], ...rows])
}
