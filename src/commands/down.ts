import * as Flags from '@oclif/core/flags'
import { untilSignal } from '../linux/signals.js'
import { type DownView, viewDown } from '../results/down.js'
import type { DownAllView } from '../results/down-all.js'
import type { DownEverythingView } from '../results/down-everything.js'
import { refuseOthers, runDownAll, runDownEverything } from './all.js'
import { FanCommand } from './base.js'
import { fanFlags, lockFlags } from './flags.js'
import { printPlan } from './output.js'
import { choiceFrom, wordsOf } from './request.js'

export class Down extends FanCommand {
  static override summary = 'Take a fan down. Its DHCP leases are kept.'
  static override description =
    'Refuses while containers are attached to the bridge, and lists them. Taking down the last fan also resets forwarding (net.ipv4.ip_forward), unless other bridges may need it. Networks may also be given as words, as with "up".'
  static override examples = [
    '<%= config.bin %> down -o 250.0.0.0/8 -u 10.0.3.4/16',
    { command: '<%= config.bin %> down --bridge fan-250 --force', description: 'Disconnect its containers.' },
    { command: '<%= config.bin %> down -a', description: 'Take down every fan that "up -a" brought up.' },
    { command: '<%= config.bin %> down -e', description: 'Take down all fans, and remove what is left of lost ones.' },
  ]
  static override usage = 'down -a | -e | -o OVERLAY [-u UNDERLAY] | --bridge NAME [--force] [--dry-run] [--no-wait]'
  static override strict = false
  static override flags = {
    ...fanFlags,
    all: Flags.boolean({ char: 'a', description: 'every fan that "up -a" brought up' }),
    everything: Flags.boolean({
      char: 'e',
      description: 'every fan of this host, and what is left of fans whose records are lost',
    }),
    force: Flags.boolean({ description: 'take it down even if containers are attached' }),
    ...lockFlags,
    'dry-run': Flags.boolean({ description: 'print the steps without running them' }),
  }

  async run(): Promise<DownView | DownAllView | DownEverythingView> {
    const { flags, raw } = await this.parse(Down)
    const { all, force = false, json: _, 'dry-run': dryRun = false, 'no-wait': noWait, ...others } = flags
    if (all) {
      refuseOthers('--all', others, wordsOf(raw))
      return await runDownAll(this, { force, dryRun }, noWait)
    }
    const { everything, ...naming } = others
    if (everything) {
      refuseOthers('--everything', naming, wordsOf(raw))
      return await runDownEverything(this, { force, dryRun }, noWait)
    }
    const choice = choiceFrom(naming, wordsOf(raw))
    const { down, planDown } = await import('../app/fan/down.js')
    const options = { force }
    const view = viewDown(
      await this.withMachine(
        (machine) =>
          dryRun ? planDown(machine, choice, options) : untilSignal((signal) => down(machine, choice, options, signal)),
        noWait,
      ),
    )
    this.printWarnings(view.warnings)
    this.print(view, ({ bridge, steps }) => (dryRun ? printPlan(steps) : `${bridge} is down`))
    return view
  }
}
