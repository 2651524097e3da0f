import * as Flags from '@oclif/core/flags'
import type { UpView } from '../app/results.js'
import { FanCommand, fanFlags, settingFlags } from './base.js'
import { printPlan, untilSignal } from './output.js'
import { requestFrom } from './request.js'

export class Up extends FanCommand {
  static override summary = 'Bring a fan up on this host, or change it to what is asked for.'
  static override description =
    'All of it happens, or nothing: if a step fails, the host is put back as it was. Running it twice changes nothing.'
  static override examples = [
    { command: '<%= config.bin %> up -o 250.0.0.0/8 -u 10.0.3.4/16 --dhcp', description: 'A fan with DHCP.' },
    {
      command: '<%= config.bin %> up -o 250.0.0.0/8 -u eth0/16 --type vxlan --dry-run',
      description: 'See what would be done.',
    },
  ]
  static override usage =
    'up -o OVERLAY -u UNDERLAY [--type ipip|vxlan] [--dhcp] [--no-nat] [--bridge NAME] [--dry-run]'
  static override flags = {
    ...fanFlags,
    ...settingFlags,
    'dry-run': Flags.boolean({ description: 'print the steps and change nothing' }),
  }

  async run(): Promise<UpView> {
    const { flags } = await this.parse(Up)
    const request = requestFrom(flags)
    const { planUp, up } = await import('../app/up.js')
    const { viewUp } = await import('../app/views.js')
    const result = await this.withHost((host) =>
      flags['dry-run'] ? planUp(host, request) : untilSignal((interrupted) => up(host, request, interrupted)),
    )
    const view = viewUp(result)
    this.printWarnings(view.warnings)
    if (flags['dry-run']) this.log(printPlan(view.steps))
    else {
      const { fan } = view
      this.log(`${fan.bridge} ${view.changed ? 'is up' : 'is up already, nothing has changed'}`)
      this.log(`  slice ${fan.slice} of ${fan.overlay} over ${fan.underlay}, ${fan.type}, MTU ${fan.mtu}`)
      if (fan.dhcp) this.log(`  DHCP from ${fan.pool.first} to ${fan.pool.last}`)
    }
    return view
  }
}
