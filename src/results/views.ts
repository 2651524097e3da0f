/** Results as the plain data that --json prints. */
import type { DownResult } from '../app/fan/down.js'
import type { EverythingResult } from '../app/fan/down-everything.js'
import type { Shown } from '../app/fan/show.js'
import type { UpResult } from '../app/fan/up.js'
import type { DownAllResult, UpAllResult } from '../app/fan/up-all.js'
import { fieldsOf } from '../config/options/fields.js'
import { describe } from '../core/describe.js'
import type { FanError } from '../core/errors.js'
import { type Fan, fanPoolOf, fanSliceOf, hostTextOf, portOf, tunnelOf, vniOf } from '../core/fan.js'
import { gatewayOf } from '../core/fan-map.js'
import { formatAddress, formatPrefix } from '../core/ipv4.js'
import type { Step } from '../core/step.js'
import type {
  DownAllView,
  DownEverythingView,
  DownView,
  FanView,
  Problem,
  ShowView,
  UpAllView,
  UpView,
} from './results.js'

export function viewFan(fan: Fan, mtu: number): FanView {
  const slice = fanSliceOf(fan)
  const { first, last } = fanPoolOf(fan)
  const { bridge, type, steering, ...settings } = fieldsOf(fan)
  return {
    bridge,
    overlay: formatPrefix(fan.overlay),
    underlay: hostTextOf(fan),
    type,
    steering,
    steeringReason: fan.steeringReason,
    tunnel: tunnelOf(fan),
    slice: formatPrefix(slice),
    gateway: formatAddress(gatewayOf(slice)),
    pool: { first: formatAddress(first), last: formatAddress(last) },
    ...settings,
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

/** A request that is off. */
export const viewOff: UpView = { format: 1, changed: false, fan: null, steps: [], warnings: [] }

export function viewUpAll({ done, left, failed }: UpAllResult, file: string): UpAllView {
  return {
    format: 1,
    changed: done.some(({ result }) => result.steps.length > 0),
    file,
    fans: done.map(({ line, result: { fan, mtu, steps } }) => ({
      line: line.line,
      changed: steps.length > 0,
      fan: viewFan(fan, mtu),
      steps: viewSteps(steps),
    })),
    left: left.map(({ line, text }) => ({ line, text })),
    failed: failed.map(({ line, column, error }) => ({ line, column: column ?? null, error: viewProblem(error) })),
    warnings: [...new Set(done.flatMap(({ result }) => result.warnings))],
  }
}

export function viewDownAll({ done, failed, warnings: others }: DownAllResult): DownAllView {
  return {
    format: 1,
    changed: done.some(({ steps }) => steps.length > 0),
    fans: done.map(({ bridge, steps }) => ({ bridge, changed: steps.length > 0, steps: viewSteps(steps) })),
    failed: failed.map(({ bridge, error }) => ({ bridge, error: viewProblem(error) })),
    warnings: [...new Set([...done.flatMap(({ warnings }) => warnings), ...others])],
  }
}

export function viewProblem({ code, message, hint, exitCode }: FanError): Problem {
  return { code, message, hint: hint ?? null, exitCode }
}

export function viewDown({ bridge, steps, warnings }: DownResult): DownView {
  return { format: 1, changed: steps.length > 0, bridge, steps: viewSteps(steps), warnings: [...warnings] }
}

export function viewDownEverything({ bridges, steps, warnings }: EverythingResult): DownEverythingView {
  return {
    format: 1,
    changed: steps.length > 0,
    bridges: [...bridges],
    steps: viewSteps(steps),
    warnings: [...warnings],
  }
}

/** `warnings` are about what was not looked at. */
export function viewShow({ fans, broken }: Shown, warnings: readonly string[]): ShowView {
  return {
    format: 1,
    fans: fans.map(({ fan, mtu, drift, containers, leases, counts, drops }) => ({
      ...viewFan(fan, mtu),
      state: drift.length === 0 ? 'up' : 'drift',
      drift: [...drift],
      containers: [...containers],
      leases: leases ?? null,
      counters: counts ?? null,
      drops: drops ?? null,
    })),
    broken: broken.map(({ bridge, seen, links, containers, problem }) => ({
      bridge,
      overlay: seen ? formatPrefix(seen.overlay) : null,
      underlay: seen ? hostTextOf(seen) : null,
      links: [...links],
      containers: [...containers],
      error: viewProblem(problem),
    })),
    warnings: [...warnings],
  }
}
