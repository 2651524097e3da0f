/** One fan whose record is of no use, and others beside it. */
import { describe, expect, test } from 'vitest'
import { down, planDown } from '../../../src/app/fan/down.js'
import { knowFans } from '../../../src/app/fan/known.js'
import { show } from '../../../src/app/fan/show.js'
import { planUp, up } from '../../../src/app/fan/up.js'
import { downAll } from '../../../src/app/fan/up-all.js'
import { Keeper } from '../../../src/app/monitor/keeper.js'
import { type Change, subjectOf } from '../../../src/core/change.js'
import { viewShow } from '../../../src/results/show.js'
import { FakeMachine, ordinaryHost } from '../../fake/machine.js'
import { prefix, request } from './requests.js'

const filesIn = (changes: readonly Change[]) =>
  changes.flatMap((change) => (change.object === 'file' ? subjectOf(change).name : []))

const record = 'fan-250.fan.json'
const newer = '{"format":9,"networks":{"overlay":"250.0.0.0/8"}}'
const requests = {
  ipip: request('250.0.0.0/8', 'eth0/16', { dhcp: true, hostReserve: 9 }),
  vxlan: request('250.0.0.0/8', 'eth0/16', { encapsulation: 'vxlan', vni: 77, port: 4789 }),
  'by routes': request('250.0.0.0/8', 'eth0/24', { steering: 'routes' }),
  'without NAT': request('250.0.0.0/8', 'eth0/16', { nat: false }),
}
const other = request('251.0.0.0/8', 'eth0/16')
const third = request('252.0.0.0/8', 'eth0/16', { encapsulation: 'vxlan' })
const gently = { force: false }

/** A fan with a record that is of no use, and a whole one beside it. */
async function hostWith(one = requests.ipip, text = '{'): Promise<FakeMachine> {
  const machine = new FakeMachine(ordinaryHost(prefix('10.0.3.4/16')))
  await up(machine, one)
  await up(machine, other)
  machine.change((found) => {
    found.files = { ...found.files, [record]: text }
  })
  return machine
}

/** What a host has of the fan, and what it shares with others. */
async function partOf(machine: FakeMachine) {
  const { links, addresses, routes, filters, firewall, dhcpServers, sysctls, files } = await machine.observe()
  return {
    links: links.filter(({ name }) => ['fan-250', 'ftun-250', 'ftun0'].includes(name)),
    addresses: addresses.filter(({ link }) => link === 'fan-250'),
    routes: routes.filter((route) => Math.floor(route.prefix.address / 2 ** 24) === 250),
    filters: filters.filter(({ handle }) => handle === requests.ipip.overlay.address),
    rules: firewall?.text.split('\n').filter((line) => line.includes('250.3.4.0') && line.includes('masquerade')),
    dhcpServers: dhcpServers.filter(({ bridge }) => bridge === 'fan-250'),
    sysctls,
    record: files[record],
  }
}

describe.each(Object.entries(requests))('a fan %s whose record is damaged', (_, one) => {
  test('is seen on the host as it was asked for', async () => {
    const machine = await hostWith(one)
    const { broken } = knowFans(await machine.observe())
    const { overlay, encapsulation, nat } = one
    expect(broken).toMatchObject([{ bridge: 'fan-250', seen: { overlay, encapsulation, nat } }])
    if (one.vni) expect(broken[0]?.seen).toMatchObject({ vni: one.vni, port: one.port })
    if (one.dhcp) expect(broken[0]?.seen).toMatchObject({ dhcp: true, hostReserve: one.hostReserve })
    if (one.steering === 'routes') expect(broken[0]?.seen).toMatchObject({ steering: 'routes' })
  })

  test('stays as it is while others come and go', async () => {
    const machine = await hostWith(one)
    const before = await partOf(machine)
    await up(machine, third)
    expect(await partOf(machine)).toEqual(before)
    await down(machine, { bridge: 'fan-251' }, gently)
    await down(machine, { bridge: 'fan-252' }, gently)
    expect(await partOf(machine)).toMatchObject({ ...before, links: expect.anything() })
    expect((await machine.observe()).sysctls['net/ipv4/ip_forward']).toBe('1')
  })

  test('is shown as broken, and the other is up', async () => {
    const shown = await show(await hostWith(one))
    expect(shown.fans).toMatchObject([{ fan: { bridge: 'fan-251' }, drift: [] }])
    expect(viewShow(shown, []).broken).toMatchObject([
      { bridge: 'fan-250', overlay: '250.0.0.0/8', error: { code: 'FILE_INVALID' } },
    ])
  })

  test('is not touched by the monitor, which keeps the other', async () => {
    const machine = await hostWith(one)
    const before = await partOf(machine)
    machine.change((found) => {
      found.addresses = found.addresses.filter(({ link }) => link !== 'fan-251' && link !== 'fan-250')
    })
    const { attempts, broken } = await new Keeper(machine).look()
    expect(attempts).toMatchObject([{ repair: { bridge: 'fan-251' }, problem: undefined }])
    expect(broken).toMatchObject([{ bridge: 'fan-250' }])
    expect(await partOf(machine)).toEqual({ ...before, addresses: [] })
  })

  test('is mended by up with its networks', async () => {
    const machine = await hostWith(one)
    const { steps } = await up(machine, one)
    expect(steps.map(({ object }) => object)).toEqual(['file'])
    expect((await show(machine)).broken).toEqual([])
    expect((await show(machine)).fans).toMatchObject([{ drift: [] }, { drift: [] }])
  })

  test.each([{ bridge: 'fan-250' }, { overlay: one.overlay }])('goes down by %j', async (choice) => {
    const machine = await hostWith(one)
    await down(machine, choice, gently)
    expect(await partOf(machine)).toMatchObject({ addresses: [], routes: [], filters: [], dhcpServers: [] })
    expect((await machine.observe()).links.map(({ name }) => name)).not.toContain('fan-250')
    expect((await machine.observe()).files[record]).toBeUndefined()
    expect((await show(machine)).fans).toMatchObject([{ fan: { bridge: 'fan-251' }, drift: [] }])
    await down(machine, { bridge: 'fan-251' }, gently)
    expect(await machine.observe()).toEqual(ordinaryHost(prefix('10.0.3.4/16')))
  })
})

describe('a record that a newer version has written', () => {
  test('is not overwritten by up, which says what to do', async () => {
    const machine = await hostWith(requests.ipip, newer)
    await expect(up(machine, requests.ipip)).rejects.toMatchObject({ code: 'RECORD_NEWER' })
    const others = request('250.0.0.0/8', 'eth0/16', { bridge: 'blue' })
    await expect(up(machine, others)).rejects.toMatchObject({ code: 'OVERLAY_TAKEN' })
    expect((await machine.observe()).files[record]).toBe(newer)
  })

  test('goes with what the kernel has of its fan, and a warning', async () => {
    const { warnings } = await planDown(await hostWith(requests.ipip, newer), { bridge: 'fan-250' }, gently)
    expect(warnings).toEqual([expect.stringContaining('newer fanctl (format 9)')])
  })
})

test('two records that clash: the one whose bridge is there counts, and down takes the other away', async () => {
  const machine = await hostWith()
  machine.change((found) => {
    const text = found.files['fan-251.fan.json']?.replace('"bridge":"fan-251"', '"bridge":"aaa"') ?? ''
    found.files = { ...found.files, 'aaa.fan.json': text }
  })
  const { fans, broken } = await show(machine)
  expect(fans).toMatchObject([{ fan: { bridge: 'fan-251' }, drift: [] }])
  const clash = broken.find(({ bridge }) => bridge === 'aaa')
  expect(clash?.problem.message).toMatch(/overlaps the fan on fan-251 \(251\.0\.0\.0\/8 over .*\)$/)
  const { steps } = await down(machine, { bridge: 'aaa' }, gently)
  expect(steps).toMatchObject([{ object: 'file', before: { name: 'aaa.fan.json' } }])
})

test('a record under another name is that of its fan, and up puts it right', async () => {
  const machine = await hostWith()
  machine.change((found) => {
    const { 'fan-251.fan.json': text = '', ...files } = found.files
    found.files = { ...files, 'blue.fan.json': text }
  })
  expect((await show(machine)).broken).toMatchObject([{ bridge: 'fan-250' }, { bridge: 'fan-251' }])
  const { steps } = await up(machine, other)
  expect(filesIn(steps)).toEqual(['fan-251.fan.json', 'blue.fan.json'])
})

test('a damaged record of a fan that is gone: down removes it, and it keeps nobody from going down', async () => {
  const machine = await hostWith()
  await down(machine, { bridge: 'fan-250' }, gently)
  machine.change((found) => {
    found.files = { ...found.files, [record]: '\u0000\u0001' }
  })
  await down(machine, { bridge: 'fan-251' }, gently)
  await down(machine, { bridge: 'fan-250' }, gently)
  expect((await machine.observe()).files).toEqual({})
})

describe('what the host was like before is', () => {
  const broken = async (text: string) => {
    const machine = await hostWith()
    await up(machine, requests.ipip)
    machine.change((found) => {
      found.files = { ...found.files, 'host-before.json': text }
    })
    return machine
  }

  test.each(['{', newer])('of no use: %j. Fans come up and go, the last one with a warning', async (text) => {
    const machine = await broken(text)
    await up(machine, third)
    expect((await machine.observe()).files['host-before.json']).toBe(text)
    const choices = ['fan-250', 'fan-251', 'fan-252'].map((bridge) => ({ bridge }))
    const results = []
    for (const choice of choices) results.push(await down(machine, choice, gently))
    const said = results.map(({ warnings }) => warnings.length)
    expect(said).toEqual([0, 0, 1])
    expect(results[2]?.warnings[0]).toContain('settings of the whole host were not reset')
    expect((await machine.observe()).files).toEqual(text === newer ? { 'host-before.json': newer } : {})
  })

  test('of no use, and there is no fan: the first one notes it anew', async () => {
    const machine = new FakeMachine(ordinaryHost(prefix('10.0.3.4/16')))
    machine.change((found) => {
      found.files = { 'host-before.json': '{' }
    })
    await up(machine, other)
    expect((await machine.observe()).files['host-before.json']).toContain('"net/ipv4/ip_forward":"0"')
  })
})

test('down -a leaves it alone, and says so', async () => {
  const machine = await hostWith({ ...requests.ipip, enable: true })
  const { done, warnings } = await downAll(machine, { force: false, dryRun: false })
  expect(done).toEqual([])
  expect(warnings).toEqual([expect.stringMatching(/^fan-250 was not touched: .* is damaged/)])
})

test.each([
  ['fan-250', requests.vxlan],
  ['lan', { ...requests.vxlan, bridge: 'lan' }],
])('a damaged record of a fan on %s, whose bridge was renamed as well: others come and go', async (bridge, one) => {
  const machine = new FakeMachine(ordinaryHost(prefix('10.0.3.4/16')))
  await up(machine, one)
  await up(machine, other)
  await machine.execute({ object: 'name', link: 'x', before: { name: bridge }, after: { name: 'x' } })
  machine.change((found) => {
    found.files = { ...found.files, [`${bridge}.fan.json`]: '{' }
  })
  await up(machine, third)
  const { links, firewall } = await machine.observe()
  expect(links.map(({ name }) => name)).toContain('x')
  expect(firewall?.text).toMatch(/ip saddr 250\.3\.4\.0\/24 .* masquerade/)
  await down(machine, { bridge }, gently)
  expect((await machine.observe()).links.map(({ name }) => name)).not.toContain('x')
})

test('a plan for another fan has nothing of it', async () => {
  const { steps } = await planUp(await hostWith(), third)
  expect(steps.filter(({ link }) => link && !link.endsWith('-252'))).toEqual([])
  expect(filesIn(steps)).toEqual(['fan-252.fan.json'])
})
