import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { importSources } from '../../config/import/imported.js'
import { readChoice, readUnderlay } from '../../config/values.js'
import { type ConfigImportView, viewImport } from '../../results/config-import.js'
import { FanCommand, openFiles } from '../base.js'

export class ConfigImport extends FanCommand {
  static override summary = 'Convert the configuration of flannel, LXD, Juju or ubuntu-fan 0.1 into fan lines.'
  static override description =
    'Prints lines for /etc/network/fan; what has no equivalent is listed above them in comments. Without --write nothing is written; existing lines are never duplicated.'
  static override examples = [
    { command: '<%= config.bin %> config import net-conf.json --underlay eth0/24', description: 'From flannel.' },
    { command: 'lxc network show lxdfan0 | <%= config.bin %> config import - --write', description: 'From LXD.' },
    {
      command: 'echo 10.0.0.0/16=252.0.0.0/8 | <%= config.bin %> config import -',
      description: 'From Juju: its fan-config.',
    },
    { command: '<%= config.bin %> config import /etc/default/ubuntu-fan', description: 'From ubuntu-fan 0.1.' },
  ]
  static override args = { file: Args.string({ required: true, description: 'the file, or "-" for standard input' }) }
  static override flags = {
    from: Flags.string({
      description: `format of the file: ${importSources.join(', ')}; default: recognised from its content`,
      helpValue: 'PROGRAM',
    }),
    underlay: Flags.string({
      char: 'u',
      description: 'network of the hosts, if the file does not name it: 10.0.0.0/24, eth0/24, default/24',
      helpValue: 'UNDERLAY',
    }),
    write: Flags.boolean({ description: 'add the lines to the fan file' }),
  }

  async run(): Promise<ConfigImportView> {
    const { args, flags } = await this.parse(ConfigImport)
    const options = {
      from: flags.from === undefined ? undefined : readChoice('--from', flags.from, importSources),
      underlay: flags.underlay === undefined ? undefined : readUnderlay('--underlay', flags.underlay),
    }
    const { readImport, writeImport } = await import('../../app/config/import.js')
    const { readInput } = await import('../../app/input.js')
    const text = await readInput(await openFiles(), args.file, process.stdin)
    const view = viewImport(
      flags.write ? await this.changeFiles((files) => writeImport(text, options, files)) : readImport(text, options),
    )
    this.printWarnings(view.warnings)
    this.print(view, ({ notes, lines }) => [...notes.map((note) => `# ${note}`), ...lines].join('\n'))
    if (view.added.length > 0)
      this.logToStderr(
        `fanctl: added ${view.added.length} ${view.added.length === 1 ? 'line' : 'lines'} to ${view.file}`,
      )
    return view
  }
}
