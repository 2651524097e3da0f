import { type ConfigSetView, viewConfigSet } from '../../results/config-set.js'
import { FanCommand } from '../base.js'
import { networkFlags, settingFlags } from '../flags.js'
import { settingsFrom, wordsOf } from '../request.js'

export class ConfigSet extends FanCommand {
  static override summary = 'Keep settings for the fan of two networks, to be used by every later "up" and "up -a".'
  static override description =
    'Options on the command line or in the fan file take precedence. Everything is checked before anything is written; comments and the order of lines are kept. A fan that is up changes with its next "up".'
  static override usage = 'config set UNDERLAY OVERLAY OPTION...'
  static override examples = [
    { command: '<%= config.bin %> config set 10.0.0.0/16 250.0.0.0/8 type vxlan mtu 1400', description: 'As words.' },
    { command: '<%= config.bin %> config set -u eth0/16 -o 250.0.0.0/8 --dhcp', description: 'As flags.' },
  ]
  static override strict = false
  static override flags = { ...networkFlags, ...settingFlags }

  async run(): Promise<ConfigSetView> {
    const { flags, raw } = await this.parse(ConfigSet)
    const { json: _, ...others } = flags
    const { networks, options } = settingsFrom(others, wordsOf(raw))
    const { setConfig } = await import('../../app/config/change.js')
    const view = viewConfigSet(await this.changeFiles((files) => setConfig(files, networks, options)))
    this.printWarnings(view.warnings)
    this.print(view, ({ path, changed, options }) => `${path}${changed ? '' : ' (unchanged)'}: ${options.join(', ')}`)
    return view
  }
}
