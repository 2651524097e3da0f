import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { importSources } from '../../config/import/imported.js'
import { readChoice, readUnderlay } from '../../config/values.js'
import { type ConfigImportView, viewImport } from '../../results/config-import.js'
import { FanCommand, openFiles } from '../base.js'

export class ConfigImport extends FanCommand {
  static override summary = 'Turn the configuration of flannel, LXD, Juju or the first ubuntu-fan into fan lines.'
  static override description =
    'Prints lines for /etc/network/fan; what has no equivalent stands above them as comments. Nothing is written without --write, and nothing twice.'
  static override examples = [
    { command: '<%= config.bin %> config import net-conf.json --underlay eth0/24', description: "flannel's." },
    { command: 'lxc network show lxdfan0 | <%= config.bin %> config import - --write', description: "LXD's." },
    { command: 'echo 10.0.0.0/16=252.0.0.0/8 | <%= config.bin %> config import -', description: "Juju's fan-config." },
    { command: '<%= config.bin %> config import /etc/default/ubuntu-fan', description: 'That of ubuntu-fan 0.1.' },
  ]
  static override args = { file: Args.string({ required: true, description: 'the file; "-" for standard input' }) }
  static override flags = {
    from: Flags.string({
      description: `whose it is, if that is not clear: ${importSources.join(', ')}`,
      helpValue: 'PROGRAM',
    }),
    underlay: Flags.string({
      char: 'u',
      description: 'the network of the hosts, where the other program does not say: 10.0.0.0/24, eth0/24, default/24',
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
    if (view.added.length > 0) this.logToStderr(`fanctl: added to ${view.file}: ${view.added.length}`)
    return view
  }
}
