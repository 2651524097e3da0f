import { beforeAll, describe, expect, test } from 'vitest'
import { down } from '../../../src/app/fan/down.js'
import { planUp, up } from '../../../src/app/fan/up.js'
import type { Observation } from '../../../src/app/ports/machine.js'
import type { FanRequest } from '../../../src/config/request.js'
import type { Change } from '../../../src/core/change.js'
import { FanError } from '../../../src/core/errors.js'
import { kindOf } from '../../../src/core/objects/objects.js'
import { FakeMachine, ordinaryHost } from '../../fake/machine.js'
import { prefix, request } from './requests.js'

const kindsOf = (changes: readonly Change[]) => changes.map(kindOf)

const here = () => new FakeMachine(ordinaryHost(prefix('10.0.3.4/16')))
const ipip = request('250.0.0.0/8', 'eth0/16')
const vxlan = request('251.0.0.0/8', '10.0.0.0/16', { encapsulation: 'vxlan' })

const routedIpip = request('250.0.0.0/8', 'eth0/29', { steering: 'routes' })
const routedVxlan = request('251.0.0.0/8', 'eth0/29', { encapsulation: 'vxlan', steering: 'routes' })

/** Fans that are up already, and what is asked for then. */
const changes: [title: string, before: FanRequest[], then: FanRequest][] = [
  ['an ipip fan', [], ipip],
  ['a vxlan fan', [], vxlan],
  ['a second ipip fan on the same tunnel', [ipip], request('252.0.0.0/8', 'eth0/16')],
  ['a vxlan fan beside an ipip fan', [ipip], vxlan],
  ['another type of the same fan', [ipip], { ...ipip, encapsulation: 'vxlan' }],
  ['a smaller MTU', [vxlan], { ...vxlan, mtu: 1300 }],
  ['another UDP port, which takes a new tunnel', [vxlan], { ...vxlan, port: 4789 }],
  ['another VNI', [vxlan], { ...vxlan, vni: 7 }],
  [
    'an ipip fan steered by routes on the tunnel of one steered by ebpf',
    [ipip],
    { ...routedIpip, overlay: prefix('252.0.0.0/8') },
  ],
  ['routes instead of ebpf, vxlan', [{ ...routedVxlan, steering: 'ebpf' }], routedVxlan],
  ['ebpf instead of routes, ipip', [routedIpip], { ...routedIpip, steering: 'ebpf' }],
  ['a fan map instead of routes, vxlan', [routedVxlan], { ...routedVxlan, steering: 'fan-map' }],
  ['routes instead of a fan map, ipip', [{ ...routedIpip, steering: 'fan-map' }], routedIpip],
  ['no DHCP and no NAT any more', [ipip], { ...ipip, dhcp: false, nat: false }],
]

describe.each(changes)('up with %s', (_, before, then) => {
  let start: Observation
  beforeAll(async () => {
    const machine = here()
    for (const one of before) await up(machine, one)
    start = await machine.observe()
  })
  const prepared = () => new FakeMachine(start)

  test('plans nothing the second time', async () => {
    const machine = prepared()
    expect((await up(machine, then)).steps).not.toEqual([])
    expect((await up(machine, then)).steps).toEqual([])
    expect((await planUp(machine, then)).steps).toEqual([])
  })

  test('leaves the host as it was when any step fails, and says which', async () => {
    const { steps } = await planUp(prepared(), then)
    expect(steps.length).toBeGreaterThan(0)
    const untouched = sorted(start)
    for (const done of [false, true])
      for (let at = 0; at < steps.length; at += 1) {
        const machine = prepared()
        machine.failure = { at, done }
        const error = await up(machine, then).catch((thrown: unknown) => thrown)
        expect(error, `step ${at}`).toMatchObject({ code: 'STEP_FAILED', details: { step: kindsOf(steps)[at] } })
        expect(sorted(await machine.observe()), `step ${at}, ${done ? 'done' : 'not done'}`).toEqual(untouched)
        expect(machine.locks).toBe(0)
      }
  })

  test('is stopped before, between and after any two steps without a trace', async () => {
    const { steps } = await planUp(prepared(), then)
    const untouched = sorted(start)
    for (let at = 0; at <= steps.length; at += 1) {
      const machine = prepared()
      const error = await up(machine, then, stopAfter(machine, at, 'SIGTERM')).catch((thrown) => thrown)
      expect(error).toMatchObject({ code: 'INTERRUPTED' })
      expect(sorted(await machine.observe())).toEqual(untouched)
    }
  })

  test('goes away with down, and the host is as it was before the first', async () => {
    const machine = prepared()
    const untouched = await here().observe()
    await up(machine, then)
    const all = [...before.filter(({ overlay }) => overlay.address !== then.overlay.address), then]
    for (const { overlay } of all) await down(machine, { overlay }, { force: false })
    expect(sorted(await machine.observe())).toEqual(sorted(untouched))
  })
})

/** The order in which a kernel lists things is not part of its state. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  )
}

/** Asks to stop once so many steps have been asked for. */
function stopAfter(machine: FakeMachine, steps: number, name: string): AbortSignal {
  const stop = new AbortController()
  const look = () => {
    if (machine.asked.length >= steps) stop.abort(name)
  }
  look()
  machine.watch(look)
  return stop.signal
}

test('a step that fails when a signal has come is part of the interruption', async () => {
  const { steps } = await planUp(here(), ipip)
  const untouched = sorted(await here().observe())
  for (let at = 0; at < steps.length; at += 1) {
    const machine = here()
    machine.failure = { at, done: at % 2 === 0 }
    await expect(up(machine, ipip, stopAfter(machine, at + 1, 'SIGTERM'))).rejects.toMatchObject({
      code: 'INTERRUPTED',
    })
    expect(sorted(await machine.observe()), `step ${at}`).toEqual(untouched)
  }
})

describe('a host that cannot be looked at any more after a step has failed', () => {
  test.each([
    [undefined, 'this step failed: set-sysctl: injected'],
    ['SIGTERM', 'stopped by SIGTERM'],
  ])('is not said to be as it was before (%s)', async (signal, problem) => {
    const machine = here()
    const { steps } = await planUp(machine, ipip)
    const at = kindsOf(steps).indexOf('set-sysctl')
    machine.failure = { at, done: false }
    const observe = machine.observe.bind(machine)
    machine.observe = async () => {
      if (machine.asked.length > at) throw new FanError('FIREWALL_FAILED', { problem: 'not today' })
      return await observe()
    }
    const stop = signal === undefined ? undefined : stopAfter(machine, at + 1, signal)
    const error = await up(machine, ipip, stop).catch((thrown) => thrown)
    const stuck = ['reading the host: nft rejected the table inet fanctl: not today']
    expect(error).toMatchObject({ code: 'ROLLBACK_FAILED', details: { problem, stuck } })
  })
})

test('what cannot be put back is named', async () => {
  const machine = here()
  await up(machine, ipip)
  machine.change((found) => {
    // A program of another version of fanctl, which this one cannot load again.
    found.filters = found.filters.map((filter) => ({ ...filter, name: filter.name.replace(/\w{4}$/, 'aaaa') }))
  })
  const { steps } = await planUp(machine, { ...ipip, encapsulation: 'vxlan' })
  machine.failure = { at: machine.asked.length + steps.length - 1, done: false }
  const error = await up(machine, { ...ipip, encapsulation: 'vxlan' }).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(FanError)
  expect(error).toMatchObject({ code: 'ROLLBACK_FAILED' })
  expect(String(error)).toContain('tc filter add dev ftun0')
})
