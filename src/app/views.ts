/** Results as the plain data that --json prints. */
import { describe } from '../core/describe.js'
import { type Fan, fanPoolOf, fanSliceOf, hostTextOf, portOf, tunnelOf, vniOf } from '../core/fan.js'
import { gatewayOf } from '../core/fan-map.js'
import { formatAddress, formatPrefix } from '../core/ipv4.js'
import type { Step } from '../core/step.js'
import type { DownResult } from './down.js'
import type { DownView, FanView, ShowView, UpView } from './results.js'
import type { ShownFan } from './show.js'
import type { UpResult } from './up.js'

export function viewFan(fan: Fan, mtu: number): FanView {
  const slice = fanSliceOf(fan)
  const { first, last } = fanPoolOf(fan)
  const { bridge, encapsulation: type, steering, dhcp, nat, hostReserve } = fan
  return {
    bridge,
    overlay: formatPrefix(fan.overlay),
    underlay: hostTextOf(fan),
    type,
    steering,
    steeringReason: 'works on every kernel with clsact and cls_bpf',
    tunnel: tunnelOf(fan),
    slice: formatPrefix(slice),
    gateway: formatAddress(gatewayOf(slice)),
    pool: { first: formatAddress(first), last: formatAddress(last) },
    dhcp,
    nat,
    hostReserve,
    mtu,
    ...(type === 'vxlan' && { vni: vniOf(fan), port: portOf(fan) }),
  }
}

export function viewSteps(steps: readonly Step[]): UpView['steps'] {
  return steps.map((step) => ({ kind: step.kind, commands: describe(step) }))
}

export function viewUp({ fan, mtu, steps, warnings }: UpResult): UpView {
  return {
    format: 1,
    changed: steps.length > 0,
    fan: viewFan(fan, mtu),
    steps: viewSteps(steps),
    warnings: [...warnings],
  }
}

export function viewDown({ bridge, steps, warnings }: DownResult): DownView {
  return { format: 1, changed: steps.length > 0, bridge, steps: viewSteps(steps), warnings: [...warnings] }
}

export function viewShow(fans: readonly ShownFan[], privileged: boolean): ShowView {
  return {
    format: 1,
    fans: fans.map(({ fan, mtu, drift, containers, counts }) => ({
      ...viewFan(fan, mtu),
      state: drift.length === 0 ? 'up' : 'drift',
      drift: [...drift],
      containers: [...containers],
      counters: counts ?? null,
    })),
    warnings: privileged ? [] : ['without root the firewall and the counters are not looked at'],
  }
}
