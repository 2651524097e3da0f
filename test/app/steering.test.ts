/** Who steers: what is asked for, and what the kernel can do. */
import { describe, expect, test } from 'vitest'
import { show } from '../../src/app/show.js'
import { planUp, up } from '../../src/app/up.js'
import type { Steering } from '../../src/core/fan.js'
import { FakeHost, machine } from '../fake/host.js'
import { prefix, request } from './requests.js'

const here = (problems: FakeHost['problems'] = {}) => {
  const host = new FakeHost(machine(prefix('10.0.3.4/16')))
  host.problems = problems
  return host
}
const fan = request('250.0.0.0/8', 'eth0/24', { dhcp: false })
const noMap = { 'fan-map': 'the kernel passes over fan maps' }
const nothing = { ...noMap, filters: 'bpf: EPERM' }

describe('the fan is steered by', () => {
  test.each<[Steering, Steering | 'auto', FakeHost['problems'], reason: string, warnings: number]>([
    ['ebpf', 'auto', {}, 'the first that works here', 0],
    ['ebpf', 'ebpf', nothing, 'asked for', 0],
    ['fan-map', 'auto', { filters: 'bpf: EPERM' }, 'the first that works here; ebpf: bpf: EPERM', 1],
    ['fan-map', 'fan-map', {}, 'asked for, and it works', 1],
    ['ebpf', 'fan-map', noMap, 'the first that works here; fan-map: the kernel passes over fan maps', 1],
    ['routes', 'routes', {}, 'asked for', 1],
    [
      ...(['routes', 'auto', nothing] as const),
      'the first that works here; ebpf: bpf: EPERM; fan-map: the kernel passes over fan maps',
      1,
    ],
    [
      ...(['routes', 'fan-map', nothing] as const),
      'the first that works here; fan-map: the kernel passes over fan maps; ebpf: bpf: EPERM',
      2,
    ],
  ])(
    '%s where %s is asked for and the kernel has %j against it',
    async (steering, asked, problems, reason, warnings) => {
      for (const encapsulation of ['ipip', 'vxlan'] as const) {
        const host = here(problems)
        const result = await up(host, { ...fan, encapsulation, steering: asked })
        expect(result.fan).toMatchObject({ steering, steeringReason: reason })
        // The firewall is not here, which is one warning more where it is looked at: the fake host has one.
        expect(result.warnings).toHaveLength(warnings)
        expect((await show(host)).fans[0]).toMatchObject({ drift: [], fan: { steering, steeringReason: reason } })
        expect((await up(host, { ...fan, encapsulation, steering: asked })).steps).toEqual([])
      }
    },
  )
})

test('what falls through says so and why', async () => {
  const { warnings } = await planUp(here(noMap), { ...fan, steering: 'fan-map' })
  expect(warnings).toEqual([
    'fan-map does not work on this host, so ebpf steers the fan (fan-map: the kernel passes over fan maps)',
  ])
})

test('that nobody checks what comes in is said when a fan comes to be steered so, and not again', async () => {
  const host = here()
  const unchecked = expect.stringContaining('can make up its inner source')
  expect((await up(host, { ...fan, steering: 'routes' })).warnings).toEqual([unchecked])
  expect((await up(host, { ...fan, steering: 'routes' })).warnings).toEqual([])
  expect((await up(host, { ...fan, steering: 'fan-map' })).warnings).toEqual([unchecked])
  expect((await up(host, { ...fan, steering: 'ebpf' })).warnings).toEqual([])
})

test('only programs count packets', async () => {
  const host = here()
  await up(host, { ...fan, steering: 'routes' })
  expect((await show(host)).fans[0]?.counts).toBeUndefined()
  await up(host, { ...fan, steering: 'ebpf' })
  expect((await show(host)).fans[0]?.counts).toMatchObject({ spoofed: 0 })
})

describe('the kernel is tried', () => {
  test('once for what comes first, and not again while its programs run', async () => {
    const host = here()
    await up(host, fan)
    await up(host, fan)
    expect(host.trials).toEqual(['filters'])
  })

  test('not at all for what is asked for and would say so itself', async () => {
    const host = here(nothing)
    await up(host, { ...fan, steering: 'routes' })
    await up(host, { ...fan, steering: 'ebpf' })
    expect(host.trials).toEqual([])
  })

  test('with fan maps only where programs do not work', async () => {
    const host = here(nothing)
    await up(host, fan)
    expect(host.trials).toEqual(['filters', 'fan-map'])
  })
})

describe('nothing is touched', () => {
  test.each(['eth0/16', '10.0.3.4/19'])('where routes for %s would be too many', async (underlay) => {
    const host = here()
    const large = request('250.0.0.0/8', underlay, { steering: 'routes' })
    await expect(up(host, large)).rejects.toMatchObject({ code: 'ROUTES_TOO_MANY', exitCode: 2 })
    expect(host.asked).toEqual([])
  })

  test('where nothing works', async () => {
    const host = here(nothing)
    const error = await up(host, request('250.0.0.0/8', 'eth0/16')).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'STEERING_UNAVAILABLE', exitCode: 1 })
    expect(String(error)).toMatch(/ebpf: bpf: EPERM; fan-map: the kernel passes over fan maps; routes: .* 65534 hosts/)
    expect(host.asked).toEqual([])
  })

  test.each([
    ['fan-map', 'ebpf'],
    ['ebpf', 'fan-map'],
    ['fan-map', 'fan-map'],
  ] as const)('by an ipip fan with %s on the address of one with %s', async (second, first) => {
    const host = here()
    await up(host, { ...fan, steering: first })
    const asked = host.asked.length
    const other = request('251.0.0.0/8', 'eth0/16', { steering: second })
    await expect(up(host, other)).rejects.toMatchObject({ code: 'FAN_MAP_TAKEN' })
    expect(host.asked).toHaveLength(asked)
    await up(host, { ...other, encapsulation: 'vxlan' })
  })
})

test('the words of the kernel become one line of the record', async () => {
  const host = here({ filters: `the verifier\nsays: ${'no '.repeat(500)}` })
  await up(host, { ...fan, steering: 'auto' })
  const {
    fans: [shown],
  } = await show(host)
  expect(shown?.fan.steeringReason).toMatch(/^the first that works here; ebpf: the verifier says: no no/)
})
