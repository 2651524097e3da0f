import { constants } from 'node:os'
import { describe, expect, test } from 'vitest'
import { desiredState } from '../../src/core/desired.js'
import type { ErrorCode } from '../../src/core/error-catalogue.js'
import { FanError } from '../../src/core/errors.js'
import { plan } from '../../src/core/plan.js'
import { nothing } from '../../src/core/state.js'
import type { Step } from '../../src/core/step.js'
import { type Circumstances, explain } from '../../src/kernel/explain.js'
import { SystemCallError } from '../../src/kernel/libc.js'
import { NetlinkError } from '../../src/kernel/socket.js'
import { type FanText, factsFor, fan } from '../core/support.js'

/** The steps of bringing a fan up. */
const stepsOf = (text: FanText): readonly Step[] => {
  const one = fan(text)
  return plan({ ...desiredState([one], factsFor([one])), files: {} }, nothing)
}
const ipip = stepsOf({})
const vxlan = stepsOf({ type: 'vxlan' })
/** Its first route is for the whole overlay; those to other hosts bring an outer header. */
const routed = stepsOf({ underlay: '10.0.3.4/29', steering: 'routes' })

function stepIn(steps: readonly Step[], kind: Step['kind'], about?: RegExp): Step {
  const step = steps.find((one) => one.kind === kind && (!about || about.test(JSON.stringify(one))))
  if (!step) throw new Error(`there is no ${kind}`)
  return step
}
const link = (steps: readonly Step[], kind: string) => stepIn(steps, 'add-link', new RegExp(`"kind":"${kind}"`))
const tunnelUp = stepIn(vxlan, 'set-link', /"name":"ftun-250".*"up":true/)
const tunnelDown: Step = { kind: 'set-link', name: 'ftun-250', from: { up: true }, to: { up: false } }

const netlink = (errno: string, request = 0) => new NetlinkError(errno, undefined, request)
const call = (errno: keyof typeof constants.errno) => new SystemCallError('bpf', constants.errno[errno])
const file = (code: string) => Object.assign(new Error(`${code}: no`), { code })

/** `says` is a part of the message. */
const table: [step: Step, error: Error, code: ErrorCode, says: string, circumstances?: Circumstances][] = [
  [link(ipip, 'ipip'), netlink('EOPNOTSUPP'), 'MODULE_MISSING', 'cannot create ipip links: its module ipip is missing'],
  [link(vxlan, 'vxlan'), netlink('EOPNOTSUPP'), 'MODULE_MISSING', 'its module vxlan is missing'],
  [link(ipip, 'bridge'), netlink('EOPNOTSUPP'), 'MODULE_MISSING', 'its module bridge is missing'],
  [stepIn(ipip, 'add-clsact'), netlink('ENOENT'), 'MODULE_MISSING', 'clsact queues: its module sch_ingress is missing'],
  [stepIn(ipip, 'add-clsact'), netlink('EOPNOTSUPP'), 'MODULE_MISSING', 'its module sch_ingress is missing'],
  [stepIn(ipip, 'add-filter'), netlink('ENOENT'), 'MODULE_MISSING', 'bpf filters: its module cls_bpf is missing'],
  [stepIn(routed, 'add-routes'), netlink('EOPNOTSUPP', 1), 'MODULE_MISSING', 'its module ip_tunnel is missing'],
  [link(ipip, 'ipip'), netlink('EEXIST'), 'TUNNEL_CONFLICT', 'the only external ipip link'],
  [
    link(ipip, 'bridge'),
    netlink('EEXIST'),
    'LINK_CONFLICT',
    '"fan-250" is taken by a renamed link that fanctl did not create',
  ],
  [
    link(vxlan, 'vxlan'),
    netlink('EEXIST'),
    'LINK_CONFLICT',
    '"ftun-250" is taken by a renamed link that fanctl did not create',
  ],
  [link(vxlan, 'vxlan'), netlink('EINVAL'), 'KERNEL_TOO_OLD', 'the VNI filter of vxlan links needs Linux 5.18'],
  [tunnelUp, netlink('EADDRINUSE'), 'PORT_TAKEN', 'UDP port 4789 is taken by 007', { port: 4789, holder: '007' }],
  [tunnelUp, netlink('EADDRINUSE'), 'PORT_TAKEN', 'taken by another program', { port: 4789, holder: undefined }],
  [stepIn(ipip, 'add-filter'), call('EPERM'), 'STEERING_UNAVAILABLE', 'ebpf: bpf: EPERM'],
  [link(ipip, 'bridge'), netlink('EPERM'), 'NOT_ROOT', 'root privileges are needed to run: ip link add fan-250'],
  [stepIn(ipip, 'set-sysctl'), file('EACCES'), 'NOT_ROOT', 'root privileges are needed to run: sysctl -w net'],
  // What means something for one step means nothing special for another.
  [link(ipip, 'bridge'), netlink('EINVAL'), 'STEP_FAILED', 'EINVAL: the kernel rejects these values'],
  [tunnelDown, netlink('EADDRINUSE'), 'STEP_FAILED', 'ip link set ftun-250 down: EADDRINUSE'],
  [stepIn(ipip, 'add-filter'), call('ENOENT'), 'STEP_FAILED', 'bpf: ENOENT: it does not exist, or the kernel'],
  [
    stepIn(routed, 'add-routes'),
    netlink('EOPNOTSUPP', 0),
    'STEP_FAILED',
    'EOPNOTSUPP: this kernel does not support it',
  ],
  [stepIn(ipip, 'add-address'), netlink('ENODEV'), 'STEP_FAILED', 'ENODEV: the link no longer exists'],
  [stepIn(ipip, 'set-sysctl'), file('EROFS'), 'STEP_FAILED', 'EROFS: no: it is on a read-only file system'],
  [stepIn(ipip, 'add-address'), new Error('out of luck'), 'STEP_FAILED', 'dev fan-250: out of luck'],
]

describe('what the kernel refuses', () => {
  test.each(
    table.map(
      ([step, error, code, says, known]) => [step.kind, error.message, code, says, step, error, known] as const,
    ),
  )('%s answered by %s is %s: "…%s…"', (_, __, code, says, step, error, circumstances = {}) => {
    const explained = explain(step, error, circumstances)
    expect(explained).toMatchObject({ code, cause: error, message: expect.stringContaining(says) })
  })

  test('keeps its own words where it is explained already', () => {
    const error = new FanError('DHCP_FAILED', { bridge: 'fan-250', problem: 'exit status 1' })
    expect(explain(stepIn(vxlan, 'add-address'), error, {})).toBe(error)
  })

  test('is told in the words of the kernel, where it has some', () => {
    const error = new NetlinkError('EINVAL', 'Invalid prefix for given prefix length')
    expect(explain(stepIn(ipip, 'add-address'), error, {}).message).toContain(
      'Invalid prefix for given prefix length (EINVAL)',
    )
  })

  test('of many routes names the one', () => {
    expect(explain(stepIn(routed, 'add-routes'), netlink('ENOMEM', 2), {}).message).toMatch(
      /^this step failed: ip route add 250\.64\.0\.0\/11 .*: ENOMEM/,
    )
  })
})
