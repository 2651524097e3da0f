/** What other programs and time do to a host while a fan is up. */
import { describe, expect, test } from 'vitest'
import { down } from '../../../src/app/fan/down.js'
import { show } from '../../../src/app/fan/show.js'
import { planUp, up } from '../../../src/app/fan/up.js'
import { acceptRedirects, forwarding } from '../../../src/core/desired.js'
import { kindOf } from '../../../src/core/objects/objects.js'
import { FakeMachine, ordinaryHost } from '../../fake/machine.js'
import { prefix, request } from './requests.js'

const fan = request('250.0.0.0/8', 'eth0/16', { encapsulation: 'vxlan' })
const other = request('251.0.0.0/8', 'eth0/16', { encapsulation: 'vxlan' })
const overlay = { overlay: fan.overlay }

async function withFan(more = {}): Promise<FakeMachine> {
  const machine = new FakeMachine(ordinaryHost(prefix('10.0.3.4/16')))
  await up(machine, { ...fan, ...more })
  return machine
}

const withMtu = (machine: FakeMachine, mtu: number) =>
  machine.change((found) => {
    found.links = found.links.map((link) => (link.name === 'eth0' ? { ...link, mtu } : link))
  })

describe('the underlay takes smaller packets than before', () => {
  test.each([1400, 600])('%d bytes: show says so, other fans come up, and the fan goes down', async (mtu) => {
    const machine = await withFan({ mtu: 1450 })
    withMtu(machine, mtu)
    const {
      fans: [shown],
    } = await show(machine)
    expect(shown?.drift.join('\n')).toContain(`mtu ${Math.max(576, mtu - 50)}`)
    if (mtu === 1400) expect((await up(machine, other)).mtu).toBe(1350)
    await down(machine, overlay, { force: false })
    expect((await show(machine)).fans).toHaveLength(mtu === 1400 ? 1 : 0)
  })

  test('asking for more than it takes is refused', async () => {
    const machine = await withFan()
    withMtu(machine, 1400)
    await expect(up(machine, { ...fan, mtu: 1450 })).rejects.toMatchObject({ code: 'MTU_INVALID' })
    await expect(planUp(machine, fan)).resolves.toMatchObject({ mtu: 1350 })
  })
})

test.each([576, 1279, 1280])('an MTU of %d is set in both directions', async (mtu) => {
  const machine = await withFan()
  await up(machine, { ...fan, mtu })
  expect((await planUp(machine, { ...fan, mtu })).steps).toEqual([])
  await up(machine, fan)
  expect((await planUp(machine, fan)).steps).toEqual([])
})

test('the underlay address is gone: show says so', async () => {
  const machine = await withFan()
  machine.change((found) => {
    found.addresses = found.addresses.filter(({ link }) => link !== 'eth0')
  })
  expect((await show(machine)).fans.map(({ drift }) => drift)).toEqual([
    [expect.stringContaining('10.0.3.4 is no longer an address')],
  ])
})

test("an administrator's address and route on the bridge are left alone", async () => {
  const machine = await withFan()
  const address = { link: 'fan-250', prefix: prefix('250.3.4.53/8') }
  const route = {
    link: 'fan-250',
    prefix: prefix('250.0.9.0/24'),
    source: prefix('250.3.4.1/8').address,
    isStatic: true,
  }
  machine.change((found) => {
    found.addresses = [...found.addresses, address]
    found.routes = [...found.routes, route]
  })
  expect((await up(machine, { ...fan, mtu: 1400 })).steps).not.toEqual([])
  const { addresses, routes } = await machine.observe()
  expect(addresses).toContainEqual(address)
  expect(routes).toContainEqual(route)
})

describe('on a host that refuses redirects, which the kernel accepts once forwarding is turned off', () => {
  const found = ordinaryHost(prefix('10.0.3.4/16'))
  const before = { ...found.sysctls, [acceptRedirects]: '0' }
  const refusing = () => new FakeMachine({ ...found, sysctls: before })
  const sysctls = async (machine: FakeMachine) => (await machine.observe()).sysctls

  test('they are refused while a fan is up, and again after down', async () => {
    const machine = refusing()
    await up(machine, fan)
    expect(await sysctls(machine)).toMatchObject({ [forwarding]: '1', [acceptRedirects]: '0' })
    await down(machine, overlay, { force: false })
    expect(await sysctls(machine)).toEqual(before)
  })

  test('they are refused again after an up that fails, whichever step it is', async () => {
    const { steps } = await planUp(refusing(), fan)
    expect(steps).toContainEqual(expect.objectContaining({ object: 'sysctl', after: { key: forwarding, value: '1' } }))
    for (const done of [false, true])
      for (const [at, step] of steps.entries()) {
        const machine = refusing()
        machine.failure = { at, done }
        await expect(up(machine, fan)).rejects.toMatchObject({ code: 'STEP_FAILED', details: { step: kindOf(step) } })
        expect(await sysctls(machine), `step ${at}`).toEqual(before)
      }
  })
})

test('a down that fails keeps the record, so that it can be run again', async () => {
  const machine = await withFan()
  machine.failure = { at: machine.asked.length + 2, done: false }
  await expect(down(machine, overlay, { force: false })).rejects.toMatchObject({ code: 'TEARDOWN_INCOMPLETE' })
  expect(Object.keys((await machine.observe()).files)).toContain('fan-250.fan.json')
  await down(machine, overlay, { force: false })
  expect((await machine.observe()).files).toEqual({})
})

test('a half of all addresses that a VPN takes is no conflict, a route within the overlay is', async () => {
  const vpn = (text: string) => ({ link: 'eth0', prefix: prefix(text), source: undefined, isStatic: true })
  const machine = new FakeMachine(ordinaryHost(prefix('10.0.3.4/16')))
  machine.change((found) => {
    found.routes = [...found.routes, vpn('0.0.0.0/1'), vpn('128.0.0.0/1')]
  })
  await up(machine, fan)
  machine.change((found) => {
    found.routes = [...found.routes, vpn('251.1.0.0/16')]
  })
  await expect(up(machine, other)).rejects.toMatchObject({ code: 'OVERLAY_ROUTED' })
})
