/** What other programs and time do to a host while a fan is up. */
import { describe, expect, test } from 'vitest'
import { down } from '../../src/app/down.js'
import { show } from '../../src/app/show.js'
import { planUp, up } from '../../src/app/up.js'
import { acceptRedirects, forwarding } from '../../src/core/desired.js'
import { FakeHost, machine } from '../fake/host.js'
import { prefix, request } from './requests.js'

const fan = request('250.0.0.0/8', 'eth0/16', { encapsulation: 'vxlan' })
const other = request('251.0.0.0/8', 'eth0/16', { encapsulation: 'vxlan' })
const overlay = { overlay: fan.overlay }

async function withFan(more = {}): Promise<FakeHost> {
  const host = new FakeHost(machine(prefix('10.0.3.4/16')))
  await up(host, { ...fan, ...more })
  return host
}

const withMtu = (host: FakeHost, mtu: number) =>
  host.change((found) => {
    found.links = found.links.map((link) => (link.name === 'eth0' ? { ...link, mtu } : link))
  })

describe('the underlay takes smaller packets than before', () => {
  test.each([1400, 600])('%d bytes: show says so, other fans come up, and the fan goes down', async (mtu) => {
    const host = await withFan({ mtu: 1450 })
    withMtu(host, mtu)
    const {
      fans: [shown],
    } = await show(host)
    expect(shown?.drift.join('\n')).toContain(`mtu ${Math.max(576, mtu - 50)}`)
    if (mtu === 1400) expect((await up(host, other)).mtu).toBe(1350)
    await down(host, overlay, { force: false })
    expect((await show(host)).fans).toHaveLength(mtu === 1400 ? 1 : 0)
  })

  test('asking for more than it takes is refused', async () => {
    const host = await withFan()
    withMtu(host, 1400)
    await expect(up(host, { ...fan, mtu: 1450 })).rejects.toMatchObject({ code: 'MTU_INVALID' })
    await expect(planUp(host, fan)).resolves.toMatchObject({ mtu: 1350 })
  })
})

test.each([576, 1279, 1280])('an MTU of %d is set in both directions', async (mtu) => {
  const host = await withFan()
  await up(host, { ...fan, mtu })
  expect((await planUp(host, { ...fan, mtu })).steps).toEqual([])
  await up(host, fan)
  expect((await planUp(host, fan)).steps).toEqual([])
})

test('the underlay address is gone: show says so', async () => {
  const host = await withFan()
  host.change((found) => {
    found.addresses = found.addresses.filter(({ link }) => link !== 'eth0')
  })
  expect((await show(host)).fans.map(({ drift }) => drift)).toEqual([
    [expect.stringContaining('10.0.3.4 is not an address')],
  ])
})

test("an administrator's address and route on the bridge are left alone", async () => {
  const host = await withFan()
  const address = { link: 'fan-250', prefix: prefix('250.3.4.53/8') }
  const route = {
    link: 'fan-250',
    prefix: prefix('250.0.9.0/24'),
    source: prefix('250.3.4.1/8').address,
    isStatic: true,
  }
  host.change((found) => {
    found.addresses = [...found.addresses, address]
    found.routes = [...found.routes, route]
  })
  expect((await up(host, { ...fan, mtu: 1400 })).steps).not.toEqual([])
  const { addresses, routes } = await host.observe()
  expect(addresses).toContainEqual(address)
  expect(routes).toContainEqual(route)
})

describe('on a host that refuses redirects, which the kernel accepts once forwarding is turned off', () => {
  const found = machine(prefix('10.0.3.4/16'))
  const before = { ...found.sysctls, [acceptRedirects]: '0' }
  const refusing = () => new FakeHost({ ...found, sysctls: before })
  const sysctls = async (host: FakeHost) => (await host.observe()).sysctls

  test('they are refused while a fan is up, and again after down', async () => {
    const host = refusing()
    await up(host, fan)
    expect(await sysctls(host)).toMatchObject({ [forwarding]: '1', [acceptRedirects]: '0' })
    await down(host, overlay, { force: false })
    expect(await sysctls(host)).toEqual(before)
  })

  test('they are refused again after an up that fails, whichever step it is', async () => {
    const { steps } = await planUp(refusing(), fan)
    expect(steps).toContainEqual(expect.objectContaining({ kind: 'set-sysctl', key: forwarding }))
    for (const done of [false, true])
      for (const [at, { kind }] of steps.entries()) {
        const host = refusing()
        host.failure = { at, done }
        await expect(up(host, fan)).rejects.toMatchObject({ code: 'STEP_FAILED', details: { step: kind } })
        expect(await sysctls(host), `step ${at}`).toEqual(before)
      }
  })
})

test('a down that fails keeps the record, so that it can be run again', async () => {
  const host = await withFan()
  host.failure = { at: host.asked.length + 2, done: false }
  await expect(down(host, overlay, { force: false })).rejects.toMatchObject({ code: 'TEARDOWN_INCOMPLETE' })
  expect(Object.keys((await host.observe()).files)).toContain('fan-250.fan.json')
  await down(host, overlay, { force: false })
  expect((await host.observe()).files).toEqual({})
})

test('a half of all addresses that a VPN takes is no conflict, a route within the overlay is', async () => {
  const vpn = (text: string) => ({ link: 'eth0', prefix: prefix(text), source: undefined, isStatic: true })
  const host = new FakeHost(machine(prefix('10.0.3.4/16')))
  host.change((found) => {
    found.routes = [...found.routes, vpn('0.0.0.0/1'), vpn('128.0.0.0/1')]
  })
  await up(host, fan)
  host.change((found) => {
    found.routes = [...found.routes, vpn('251.1.0.0/16')]
  })
  await expect(up(host, other)).rejects.toMatchObject({ code: 'OVERLAY_ROUTED' })
})
