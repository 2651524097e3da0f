import { describe, expect, test } from 'vitest'
import { down } from '../../src/app/fan/down.js'
import { type ShownFan, show, unseenBy } from '../../src/app/fan/show.js'
import { up } from '../../src/app/fan/up.js'
import { parseFanFile } from '../../src/config/fan-file.js'
import { FanError } from '../../src/core/errors.js'
import { noCounts } from '../../src/core/steering/counters.js'
import type { Step } from '../../src/core/step.js'
import { resultSchemas } from '../../src/results/results.js'
import * as views from '../../src/results/views.js'
import { prefix, request } from '../app/fan/requests.js'
import { fan } from '../core/support.js'
import { FakeMachine, ordinaryHost } from '../fake/machine.js'

const ipip = request('250.0.0.0/8', '10.0.3.4/16')
const here = () => new FakeMachine(ordinaryHost(prefix('10.0.3.4/16')))
const failure = new FanError('FAN_IN_USE', { bridge: 'fan-250', ports: ['veth1'] })
const problem = {
  code: 'FAN_IN_USE',
  message: 'fan-250 is in use by veth1',
  hint: 'stop the containers first, or disconnect them with --force',
  exitCode: 1,
}

/** Whether a view is what its schema says, and has nothing that is unknown to it. */
function expectToFit(name: keyof typeof resultSchemas, view: object): void {
  expect(resultSchemas[name].parse(view)).toEqual(view)
}

describe('a fan', () => {
  test('of type ipip has the values that were asked for or computed, as text', () => {
    expect(views.viewFan(fan({ dhcp: true, hostReserve: 9 }), 1480)).toEqual({
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
    expect(views.viewFan(fan({ type: 'vxlan' }), 1450)).toMatchObject({ ...vxlan, vni: 16_384_000, port: 8472 })
    expect(views.viewFan(fan({ type: 'vxlan', vni: 7, port: 4789, nat: false }), 1450)).toMatchObject({
      ...vxlan,
      vni: 7,
      port: 4789,
      nat: false,
    })
  })
})

describe('up, and down', () => {
  test('have changed something when there were steps', async () => {
    const machine = here()
    const first = views.viewUp(await up(machine, ipip))
    expect(first).toMatchObject({ changed: true, fan: { bridge: 'fan-250', mtu: 1480 }, warnings: [] })
    expect(first.steps).toContainEqual({ kind: 'add-address', commands: ['ip addr add 250.3.4.1/24 dev fan-250'] })
    expectToFit('up', first)
    expect(views.viewUp(await up(machine, ipip))).toEqual({ ...first, changed: false, steps: [] })
    const last = views.viewDown(await down(machine, { bridge: 'fan-250' }, { force: false }))
    expect(last).toMatchObject({ changed: true, bridge: 'fan-250' })
    expectToFit('down', last)
    expectToFit('up', views.viewOff)
  })

  test('of all fans have each warning once, and each failure with its place', async () => {
    const { lines } = parseFanFile('250.0.0.0/8 10.0.3.4/16 --enable\n251.0.0.0/8 10.0.3.4/16\n')
    const [line, other] = lines
    if (!line || !other) throw new Error('two lines were written')
    const result = { ...(await up(here(), ipip)), warnings: ['careful'] }
    const done = [result, { ...result, steps: [] }].map((one) => ({ line, result: one }))
    const failed = [{ line: 3, column: undefined, error: failure }]
    const view = views.viewUpAll({ done, left: [other], failed }, '/etc/network/fan')
    expect(view).toMatchObject({
      changed: true,
      file: '/etc/network/fan',
      fans: [{ line: 1, changed: true }, { changed: false }],
      left: [{ line: 2, text: '251.0.0.0/8 10.0.3.4/16' }],
      failed: [{ line: 3, column: null, error: problem }],
      warnings: ['careful'],
    })
    expectToFit('up-all', view)
  })

  test('with -a and -e take fans down by their bridges', () => {
    const steps: Step[] = [{ kind: 'del-clsact', link: 'ftun-250' }]
    const done = { bridge: 'fan-250', steps, warnings: ['careful'] }
    const all = views.viewDownAll({
      done: [done, done],
      failed: [{ bridge: 'fan-250', error: failure }],
      warnings: ['broken'],
    })
    expect(all).toMatchObject({
      changed: true,
      fans: [{ bridge: 'fan-250', changed: true, steps: [{ commands: ['tc qdisc del dev ftun-250 clsact'] }] }, {}],
      failed: [{ bridge: 'fan-250', error: problem }],
      warnings: ['careful', 'broken'],
    })
    expectToFit('down-all', all)
    const everything = views.viewDownEverything({ bridges: ['fan-250'], steps: [], warnings: [] })
    expect(everything).toMatchObject({ changed: false, bridges: ['fan-250'] })
    expectToFit('down-everything', everything)
  })

  test('say null where an error has no hint', () => {
    const error = new FanError('STEP_FAILED', { step: 'ip link set', problem: 'EBUSY' })
    expect(views.viewProblem(error)).toMatchObject({ code: 'STEP_FAILED', hint: null })
  })
})

describe('a fan that is shown', () => {
  const shown: ShownFan = {
    fan: fan(),
    mtu: 1480,
    drift: [],
    containers: ['veth1'],
    leases: { lent: 2, of: 253 },
    counts: { ...noCounts, sent: 7 },
    drops: { forged: 1, martian: 2, dhcp: 3, excess: 4 },
  }

  test('is up where nothing differs', () => {
    const view = views.viewShow({ fans: [shown], broken: [] }, [])
    expect(view).toMatchObject({
      fans: [
        {
          bridge: 'fan-250',
          state: 'up',
          drift: [],
          containers: ['veth1'],
          leases: { lent: 2, of: 253 },
          counters: { sent: 7, offMap: 0 },
        },
      ],
      warnings: [],
    })
    expectToFit('show', view)
  })

  test('has drifted where something is missing, with the lines that put it back', async () => {
    const machine = here()
    await up(machine, ipip)
    machine.change((found) => {
      found.addresses = found.addresses.filter(({ link }) => link !== 'fan-250')
    })
    const view = views.viewShow(await show(machine), unseenBy(machine))
    expect(view.fans).toMatchObject([{ state: 'drift', drift: ['ip addr add 250.3.4.1/24 dev fan-250'] }])
    expectToFit('show', view)
  })

  test.each([
    [true, true, []],
    [false, true, ['not running as root: firewall and counters were not checked']],
    [true, false, ["/proc hides other users' processes (hidepid): whether dnsmasq runs was not checked"]],
    [false, false, [expect.stringContaining('firewall'), expect.stringContaining('dnsmasq')]],
  ])('says what was not looked at: root %s, processes seen %s', (privileged, seesProcesses, warnings) => {
    const view = views.viewShow(
      { fans: [{ ...shown, counts: undefined }], broken: [] },
      unseenBy({ privileged, seesProcesses }),
    )
    expect(view.fans).toMatchObject([{ counters: null }])
    expect(view.warnings).toEqual(warnings)
    expectToFit('show', view)
  })
})
