/** Who steers: what is asked for, and what the kernel can do. */
import { describe, expect, test } from 'vitest'
import { show } from '../../../src/app/fan/show.js'
import { planUp, up } from '../../../src/app/fan/up.js'
import type { SteeringName } from '../../../src/core/steerings/names.js'
import { FakeMachine, ordinaryHost } from '../../fake/machine.js'
import { prefix, request } from './requests.js'

const here = (problems: FakeMachine['problems'] = {}) => {
  const machine = new FakeMachine(ordinaryHost(prefix('10.0.3.4/16')))
  machine.problems = problems
  return machine
}
const fan = request('250.0.0.0/8', 'eth0/24', { dhcp: false })
const noMap = { 'fan-map': 'the kernel ignores fan maps' }
const nothing = { ...noMap, filters: 'bpf: EPERM' }

describe('the fan is steered by', () => {
  test.each<[SteeringName, SteeringName | 'auto', FakeMachine['problems'], reason: string, warnings: number]>([
    ['ebpf', 'auto', {}, 'the first that works here', 0],
    ['ebpf', 'ebpf', nothing, 'requested', 0],
    ['fan-map', 'auto', { filters: 'bpf: EPERM' }, 'the first that works here; ebpf: bpf: EPERM', 1],
    ['fan-map', 'fan-map', {}, 'requested', 1],
    ['ebpf', 'fan-map', noMap, 'the first that works here; fan-map: the kernel ignores fan maps', 1],
    ['routes', 'routes', {}, 'requested', 1],
    [
      ...(['routes', 'auto', nothing] as const),
      'the first that works here; ebpf: bpf: EPERM; fan-map: the kernel ignores fan maps',
      1,
    ],
    [
      ...(['routes', 'fan-map', nothing] as const),
      'the first that works here; fan-map: the kernel ignores fan maps; ebpf: bpf: EPERM',
      2,
    ],
  ])(
    '%s where %s is asked for and the kernel has %j against it',
    async (steering, asked, problems, reason, warnings) => {
      for (const encapsulation of ['ipip', 'vxlan'] as const) {
        const machine = here(problems)
        const result = await up(machine, { ...fan, encapsulation, steering: asked })
        expect(result.fan).toMatchObject({ steering, steeringReason: reason })
        // The firewall is not here, which is one warning more where it is looked at: the fake host has one.
        expect(result.warnings).toHaveLength(warnings)
        expect((await show(machine)).fans[0]).toMatchObject({ drift: [], fan: { steering, steeringReason: reason } })
        expect((await up(machine, { ...fan, encapsulation, steering: asked })).steps).toEqual([])
      }
    },
  )
})

test('what falls through says so and why', async () => {
  const { warnings } = await planUp(here(noMap), { ...fan, steering: 'fan-map' })
  expect(warnings).toEqual([
    'fan-map steering does not work on this host; using ebpf instead (fan-map: the kernel ignores fan maps)',
  ])
})

test('that nobody checks what comes in is said when a fan comes to be steered so, and not again', async () => {
  const machine = here()
  const unchecked = expect.stringContaining('can spoof their inner source address')
  expect((await up(machine, { ...fan, steering: 'routes' })).warnings).toEqual([unchecked])
  expect((await up(machine, { ...fan, steering: 'routes' })).warnings).toEqual([])
  expect((await up(machine, { ...fan, steering: 'fan-map' })).warnings).toEqual([unchecked])
  expect((await up(machine, { ...fan, steering: 'ebpf' })).warnings).toEqual([])
})

test('only programs count packets', async () => {
  const machine = here()
  await up(machine, { ...fan, steering: 'routes' })
  expect((await show(machine)).fans[0]?.counts).toBeUndefined()
  await up(machine, { ...fan, steering: 'ebpf' })
  expect((await show(machine)).fans[0]?.counts).toMatchObject({ spoofed: 0 })
})

describe('the kernel is tried', () => {
  test('once for what comes first, and not again while its programs run', async () => {
    const machine = here()
    await up(machine, fan)
    await up(machine, fan)
    expect(machine.trials).toEqual(['filters'])
  })

  test('not at all for what is asked for and would say so itself', async () => {
    const machine = here(nothing)
    await up(machine, { ...fan, steering: 'routes' })
    await up(machine, { ...fan, steering: 'ebpf' })
    expect(machine.trials).toEqual([])
  })

  test('with fan maps only where programs do not work', async () => {
    const machine = here(nothing)
    await up(machine, fan)
    expect(machine.trials).toEqual(['filters', 'fan-map'])
  })
})

describe('nothing is touched', () => {
  test.each(['eth0/16', '10.0.3.4/19'])('where routes for %s would be too many', async (underlay) => {
    const machine = here()
    const large = request('250.0.0.0/8', underlay, { steering: 'routes' })
    await expect(up(machine, large)).rejects.toMatchObject({ code: 'ROUTES_TOO_MANY', exitCode: 2 })
    expect(machine.asked).toEqual([])
  })

  test('where nothing works', async () => {
    const machine = here(nothing)
    const error = await up(machine, request('250.0.0.0/8', 'eth0/16')).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'STEERING_UNAVAILABLE', exitCode: 1 })
    expect(String(error)).toMatch(/ebpf: bpf: EPERM; fan-map: the kernel ignores fan maps; routes: .* 65534 hosts/)
    expect(machine.asked).toEqual([])
  })

  test.each([
    ['fan-map', 'ebpf'],
    ['ebpf', 'fan-map'],
    ['fan-map', 'fan-map'],
  ] as const)('by an ipip fan with %s on the address of one with %s', async (second, first) => {
    const machine = here()
    await up(machine, { ...fan, steering: first })
    const asked = machine.asked.length
    const other = request('251.0.0.0/8', 'eth0/16', { steering: second })
    await expect(up(machine, other)).rejects.toMatchObject({ code: 'FAN_MAP_TAKEN' })
    expect(machine.asked).toHaveLength(asked)
    await up(machine, { ...other, encapsulation: 'vxlan' })
  })
})

test('the words of the kernel become one line of the record', async () => {
  const machine = here({ filters: `the verifier\nsays: ${'no '.repeat(500)}` })
  await up(machine, { ...fan, steering: 'auto' })
  const {
    fans: [shown],
  } = await show(machine)
  expect(shown?.fan.steeringReason).toMatch(/^the first that works here; ebpf: the verifier says: no no/)
})
