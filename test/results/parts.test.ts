import { describe, expect, test } from 'vitest'
import { FanError } from '../../src/core/errors.js'
import { viewFan, viewProblem, viewSteps } from '../../src/results/parts.js'
import { fan } from '../core/support.js'

describe('a fan', () => {
  test('of type ipip has the values that were asked for or computed, as text', () => {
    expect(viewFan(fan({ dhcp: true, hostReserve: 9 }), 1480)).toEqual({
      bridge: 'fan-250',
      overlay: '250.0.0.0/8',
      underlay: '10.0.3.4/16',
      type: 'ipip',
      steering: 'ebpf',
      steeringReason: 'requested',
      tunnel: 'ftun0',
      slice: '250.3.4.0/24',
      gateway: '250.3.4.1',
      pool: { first: '250.3.4.10', last: '250.3.4.254' },
      dhcp: true,
      nat: true,
      hostReserve: 9,
      enable: false,
      mtu: 1480,
    })
  })

  test('of type vxlan also has VNI and port, by default or not', () => {
    const vxlan = { type: 'vxlan', bridge: 'fan-250', tunnel: 'ftun-250' } as const
    expect(viewFan(fan({ type: 'vxlan' }), 1450)).toMatchObject({ ...vxlan, vni: 16_384_000, port: 8472 })
    expect(viewFan(fan({ type: 'vxlan', vni: 7, port: 4789, nat: false }), 1450)).toMatchObject({
      ...vxlan,
      vni: 7,
      port: 4789,
      nat: false,
    })
  })
})

test('a step has its kind and the command lines that do it', () => {
  expect(viewSteps([{ object: 'clsact', link: 'ftun-250', before: true }])).toEqual([
    { kind: 'del-clsact', commands: ['tc qdisc del dev ftun-250 clsact'] },
  ])
})

describe('a problem', () => {
  test.each([
    [
      new FanError('FAN_IN_USE', { bridge: 'fan-250', ports: ['veth1'] }),
      { code: 'FAN_IN_USE', message: expect.stringContaining('veth1'), hint: expect.any(String), exitCode: 1 },
    ],
    [new FanError('STEP_FAILED', { step: 'ip link set', problem: 'EBUSY' }), { code: 'STEP_FAILED', hint: null }],
    [new FanError('INPUT_TWICE', {}), { code: 'INPUT_TWICE', exitCode: 2 }],
  ])('has its code, its hint if it has one, and the exit status: %s', (error, view) => {
    expect(viewProblem(error)).toMatchObject(view)
  })

  test('that nobody has foreseen is a bug, with its stack', () => {
    const bug = new TypeError('x is undefined')
    expect(viewProblem(bug)).toEqual({ code: 'BUG', message: bug.stack, hint: null, exitCode: 1 })
  })
})
