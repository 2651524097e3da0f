import { type ConfigSetView, viewConfigSet } from '../../results/config-set.js'
import { FanCommand } from '../base.js'
import { networkFlags } from '../flags.js'
import { namesFrom, wordsOf } from '../request.js'

export class ConfigUnset extends FanCommand {
  static override summary = 'Discard kept settings for the fan of two networks: the named ones, or all of them.'
  static override usage = 'config unset UNDERLAY OVERLAY [OPTION...]'
  static override examples = [
    { command: '<%= config.bin %> config unset 10.0.0.0/16 250.0.0.0/8 mtu dhcp', description: 'Discard two of them.' },
    { command: '<%= config.bin %> config unset 10.0.0.0/16 250.0.0.0/8', description: 'Discard all of them.' },
  ]
  static override strict = false
  static override flags = networkFlags

  async run(): Promise<ConfigSetView> {
    const { flags, raw } = await this.parse(ConfigUnset)
    const { json: _, ...naming } = flags
    const { networks, keys } = namesFrom(naming, wordsOf(raw))
    const { unsetConfig } = await import('../../app/config/change.js')
    const view = viewConfigSet(await this.changeFiles((files) => unsetConfig(files, networks, keys)))
    this.printWarnings(view.warnings)
    this.print(view, ({ path, options }) =>
      options.length > 0 ? `${path}: ${options.join(', ')}` : `${path}: no settings are kept`,
    )
    return view
  }
}
