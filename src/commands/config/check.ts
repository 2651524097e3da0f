import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { type ConfigCheckView, viewConfigCheck } from '../../results/config-check.js'
import { FanCommand, openFiles } from '../base.js'
import { printFindings } from './check-output.js'

export class ConfigCheck extends FanCommand {
  static override summary = 'Check the fan file and the kept settings, and report problems with line and column.'
  static override description =
    'Exits with 1 if there are errors. Needs no root and does not inspect the host; to check devices and addresses too: "fanctl plan -a".'
  static override examples = [
    '<%= config.bin %> config check',
    {
      command: '<%= config.bin %> config check ./fan --strict',
      description: 'Check another file before it is put in place.',
    },
  ]
  static override args = {
    file: Args.string({ description: 'the fan file, or "-" for standard input; default: /etc/network/fan' }),
  }
  static override flags = { strict: Flags.boolean({ description: 'exit with 1 for warnings too' }) }

  async run(): Promise<ConfigCheckView> {
    const { args, flags } = await this.parse(ConfigCheck)
    const { checkConfig } = await import('../../app/config/check.js')
    const { readInput } = await import('../../app/input.js')
    const files = await openFiles()
    const file = args.file ?? files.paths.config
    const view = viewConfigCheck(checkConfig(files, file, await readInput(files, file, process.stdin)))
    this.print(view, printFindings)
    if (!view.ok || (flags.strict && view.findings.length > 0)) process.exitCode = 1
    return view
  }
}
