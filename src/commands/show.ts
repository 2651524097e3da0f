import * as Flags from '@oclif/core/flags'
import { type ShowView, viewShow } from '../results/show.js'
import { drift, FanCommand } from './base.js'
import { brokenLines, narrowTable, wideTable } from './show-output.js'

export class Show extends FanCommand {
  static override summary = 'List the fans of this host.'
  static override examples = [
    '<%= config.bin %> show',
    { command: '<%= config.bin %> show --wide', description: 'Include type, state and counters.' },
  ]
  static override flags = {
    wide: Flags.boolean({
      char: 'w',
      description: 'add type, steering, tunnel, slice, MTU, leases, state and counters',
    }),
    check: Flags.boolean({ description: 'exit with 3 if a fan is not up and complete' }),
  }

  async run(): Promise<ShowView> {
    const { flags } = await this.parse(Show)
    const { show, unseenBy } = await import('../app/fan/show.js')
    const view = await this.withMachine(async (machine) => viewShow(await show(machine), unseenBy(machine)))
    if (flags.wide || flags.check) this.printWarnings(view.warnings)
    this.print(view, flags.wide ? wideTable : narrowTable)
    this.printWarnings(brokenLines(view))
    const isWell = view.broken.length === 0 && view.fans.every(({ state }) => state === 'up')
    if (flags.check && !isWell) process.exitCode = drift
    return view
  }
}
