import * as Flags from '@oclif/core/flags'
import { type UpView, viewOff, viewUp } from '../results/up.js'
import type { UpAllView } from '../results/up-all.js'
import { refuseOthers, runUpAll } from './all.js'
import { drift, FanCommand } from './base.js'
import { networkFlags, settingFlags, settingUsage } from './flags.js'
import { printFan, printPlan } from './output.js'
import { askedFrom, keptSettings, wordsOf } from './request.js'

export class Plan extends FanCommand {
  static override summary = 'Show what "up" would change, as command lines, without changing anything.'
  static override examples = [
    { command: '<%= config.bin %> plan -o 250.0.0.0/8 -u 10.0.3.4/16 --dhcp', description: 'Preview one fan.' },
    { command: '<%= config.bin %> plan -a', description: 'Preview the fans of /etc/network/fan.' },
  ]
  static override description =
    'Takes the options of "up", and needs root too, because only root can read the firewall.'
  static override usage = `plan -a | -o OVERLAY -u UNDERLAY ${settingUsage} [--exit-code]`
  static override strict = false
  static override flags = {
    ...networkFlags,
    ...settingFlags,
    all: Flags.boolean({ char: 'a', description: 'every enabled fan of /etc/network/fan' }),
    'exit-code': Flags.boolean({ description: 'exit with 3 if there is anything to do' }),
  }

  async run(): Promise<UpView | UpAllView> {
    const { flags, raw } = await this.parse(Plan)
    const { all, json: _, 'exit-code': tellsDrift, ...others } = flags
    const view = await this.#plan(all, others, wordsOf(raw))
    if (tellsDrift && view.changed && !process.exitCode) process.exitCode = drift
    return view
  }

  async #plan(
    all: boolean,
    flags: Parameters<typeof askedFrom>[0],
    words: readonly string[],
  ): Promise<UpView | UpAllView> {
    if (all) {
      refuseOthers('--all', flags, words)
      return await runUpAll(this, true)
    }
    const { request, off, debug } = askedFrom(flags, words, await keptSettings())
    if (off) return viewOff
    const { planUp } = await import('../app/fan/up.js')
    const view = viewUp(await this.withMachine((machine) => planUp(machine, request)))
    this.printWarnings(view.warnings)
    if (debug) this.print(view.fan, printFan)
    this.print(view.steps, printPlan)
    return view
  }
}
