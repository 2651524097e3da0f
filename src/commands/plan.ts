import * as Flags from '@oclif/core/flags'
import type { UpView } from '../app/results.js'
import { FanCommand, fanFlags, settingFlags } from './base.js'
import { printPlan } from './output.js'
import { requestFrom } from './request.js'

/** Exit status of `--exit-code` when there is something to do. */
const drift = 3

export class Plan extends FanCommand {
  static override summary = 'Show what "up" would change, as command lines, without changing it.'
  static override examples = [
    { command: '<%= config.bin %> plan -o 250.0.0.0/8 -u 10.0.3.4/16 --dhcp', description: 'Preview one fan.' },
  ]
  static override description = 'Takes what "up" takes, and needs root as that does: only root may read the firewall.'
  static override usage = 'plan -o OVERLAY -u UNDERLAY [--exit-code]'
  static override flags = {
    ...fanFlags,
    ...settingFlags,
    'exit-code': Flags.boolean({ description: 'exit with 3 if there is something to do' }),
  }

  async run(): Promise<UpView> {
    const { flags } = await this.parse(Plan)
    const request = requestFrom(flags)
    const { planUp } = await import('../app/up.js')
    const { viewUp } = await import('../app/views.js')
    const result = await this.withHost((host) => planUp(host, request))
    const view = viewUp(result)
    this.printWarnings(view.warnings)
    this.log(printPlan(view.steps))
    if (flags['exit-code'] && view.changed) process.exitCode = drift
    return view
  }
}
