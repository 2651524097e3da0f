import * as Flags from '@oclif/core/flags'
import type { DownView } from '../app/results.js'
import { FanCommand, fanFlags } from './base.js'
import { printPlan } from './output.js'
import { choiceFrom } from './request.js'

export class Down extends FanCommand {
  static override summary = 'Take a fan down. Its leases are kept for the next time.'
  static override description =
    'Refuses while containers are attached to the bridge, and says which. Forwarding (net.ipv4.ip_forward) is turned off again with the last fan, unless other bridges need it.'
  static override examples = [
    '<%= config.bin %> down -o 250.0.0.0/8 -u 10.0.3.4/16',
    { command: '<%= config.bin %> down --bridge fan-250 --force', description: 'Cut its containers off.' },
  ]
  static override usage = 'down -o OVERLAY [-u UNDERLAY] | --bridge NAME [--force] [--dry-run]'
  static override flags = {
    ...fanFlags,
    force: Flags.boolean({ description: 'take it down although containers are attached' }),
    'dry-run': Flags.boolean({ description: 'print the steps and change nothing' }),
  }

  async run(): Promise<DownView> {
    const { flags } = await this.parse(Down)
    const choice = choiceFrom(flags)
    const { down, planDown } = await import('../app/down.js')
    const { viewDown } = await import('../app/views.js')
    const options = { force: flags.force }
    const result = await this.withHost((host) =>
      flags['dry-run'] ? planDown(host, choice, options) : down(host, choice, options),
    )
    const view = viewDown(result)
    this.printWarnings(view.warnings)
    this.log(flags['dry-run'] ? printPlan(view.steps) : `${view.bridge} is down`)
    return view
  }
}
