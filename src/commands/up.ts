import * as Flags from '@oclif/core/flags'
import { untilSignal } from '../linux/signals.js'
import { type UpView, viewOff, viewUp } from '../results/up.js'
import type { UpAllView } from '../results/up-all.js'
import { refuseOthers, runUpAll } from './all.js'
import { FanCommand } from './base.js'
import { lockFlags, networkFlags, settingFlags, settingUsage } from './flags.js'
import { printFan, printPlan, printUp } from './output.js'
import { askedFrom, keptSettings, wordsOf } from './request.js'

export class Up extends FanCommand {
  static override summary = 'Bring a fan up on this host, or change it.'
  static override description =
    'All or nothing: if a step fails, the host is put back as it was. Running it twice changes nothing.\n\nNetworks and options may also be given as words, in the syntax of ubuntu-fan and in either order: the shorter prefix is the overlay. With the word "off" it does nothing; with "debug" it prints what it would do.'
  static override examples = [
    { command: '<%= config.bin %> up -o 250.0.0.0/8 -u 10.0.3.4/16 --dhcp', description: 'Bring up a fan with DHCP.' },
    { command: '<%= config.bin %> up 250.0.0.0/8 eth0/16 dhcp', description: 'Do the same with words.' },
    {
      command: '<%= config.bin %> up -o 250.0.0.0/8 -u eth0/16 --type vxlan --dry-run',
      description: 'Preview the steps.',
    },
    { command: '<%= config.bin %> up -a', description: 'Bring up every enabled fan of /etc/network/fan.' },
  ]
  static override usage = `up -a | -o OVERLAY -u UNDERLAY ${settingUsage} [--dry-run] [--no-wait]`
  static override strict = false
  static override flags = {
    ...networkFlags,
    ...settingFlags,
    all: Flags.boolean({ char: 'a', description: 'every enabled fan of /etc/network/fan' }),
    ...lockFlags,
    'dry-run': Flags.boolean({ description: 'print the steps without running them' }),
  }

  async run(): Promise<UpView | UpAllView> {
    const { flags, raw } = await this.parse(Up)
    const { all, json: _, 'dry-run': isDryRun = false, 'no-wait': noWait, ...others } = flags
    const words = wordsOf(raw)
    if (all) {
      refuseOthers('--all', others, words)
      return await runUpAll(this, isDryRun, noWait)
    }
    const { request, off, debug } = askedFrom(others, words, await keptSettings())
    if (off) return viewOff
    const { planUp, up } = await import('../app/fan/up.js')
    const isTrial = isDryRun || debug
    const result = await this.withMachine(
      (machine) => (isTrial ? planUp(machine, request) : untilSignal((signal) => up(machine, request, signal))),
      noWait,
    )
    const view = viewUp(result)
    this.printWarnings(view.warnings)
    if (debug) this.print(view.fan, printFan)
    this.print(view, ({ fan, changed, steps }) => (isTrial ? printPlan(steps) : printUp(fan, changed)))
    return view
  }
}
