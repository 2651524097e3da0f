import * as Flags from '@oclif/core/flags'
import type { ShowView } from '../app/results.js'
import { readOverlay } from '../config/values.js'
import { defaultBridge } from '../core/fan.js'
import { FanCommand } from './base.js'
import { printTable } from './output.js'

type ShownFan = ShowView['fans'][number]

/** Exit status of `--check` when a fan is not as it should be. */
const drift = 3

export class Show extends FanCommand {
  static override summary = 'List the fans of this host.'
  static override examples = [
    '<%= config.bin %> show',
    { command: '<%= config.bin %> show --wide', description: 'With type, state and counters.' },
  ]
  static override flags = {
    wide: Flags.boolean({ char: 'w', description: 'add type, steering, tunnel, slice, MTU, state and counters' }),
    check: Flags.boolean({ description: 'exit with 3 if a fan is not as it should be' }),
  }

  async run(): Promise<ShowView> {
    const { flags } = await this.parse(Show)
    const { show } = await import('../app/show.js')
    const { viewShow } = await import('../app/views.js')
    const view = await this.withHost(async (host) => viewShow(await show(host), host.privileged))
    if (flags.wide) this.printWarnings(view.warnings)
    this.log(flags.wide ? wideTable(view.fans) : narrowTable(view.fans))
    if (flags.check && view.fans.some(({ state }) => state === 'drift')) process.exitCode = drift
    return view
  }
}

/** Scripts read these columns by position and width, as ubuntu-fan prints them. */
function narrowTable(fans: readonly ShownFan[]): string {
  const rows = [
    ['Bridge', 'Underlay', 'Overlay', 'Flags'],
    ...fans.map((fan) => [fan.bridge, fan.underlay, fan.overlay, flagsOf(fan)]),
  ]
  return rows
    .map(([bridge = '', underlay = '', overlay = '', flags = '']) =>
      `${bridge.padEnd(16)} ${underlay.padEnd(20)} ${overlay.padEnd(20)} ${flags}`.trimEnd(),
    )
    .join('\n')
}

/** What is not as it is without flags, in the words of ubuntu-fan. */
function flagsOf(fan: ShownFan): string {
  return [
    ...(fan.dhcp ? ['dhcp'] : []),
    ...(fan.bridge === defaultBridge(readOverlay('the overlay', fan.overlay)) ? [] : [`bridge=${fan.bridge}`]),
    ...(fan.hostReserve === 1 ? [] : [`host-reserve ${fan.hostReserve}`]),
    ...(fan.nat ? [] : ['no-nat']),
    ...(fan.enable ? ['enable'] : []),
  ].join(' ')
}

function wideTable(fans: readonly ShownFan[]): string {
  const heading =
    'Bridge Underlay Overlay Flags Type Steering Tunnel Slice MTU Sent Delivered Spoofed Misdirected Off-map State'
  const rows = fans.map((fan) => {
    const { sent, delivered, spoofed, misdirected, offMap } = fan.counters ?? {}
    return [
      ...[
        fan.bridge,
        fan.underlay,
        fan.overlay,
        flagsOf(fan),
        fan.type,
        fan.steering,
        fan.tunnel,
        fan.slice,
        `${fan.mtu}`,
      ],
      ...[sent, delivered, spoofed, misdirected, offMap].map((count) => `${count ?? '-'}`),
      fan.state,
    ]
  })
  const reasons = fans.map((fan) => `${fan.bridge} is steered by ${fan.steering}: ${fan.steeringReason}`)
  const details = fans.flatMap((fan) => fan.drift.map((line) => `${fan.bridge} differs; to mend it: ${line}`))
  return [printTable([heading.split(' '), ...rows]), ...reasons, ...details].join('\n')
}
