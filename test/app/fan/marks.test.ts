/** Links under names that somebody gave them. What the kernel does with them, the lab shows. */
import { describe, expect, test } from 'vitest'
import { down } from '../../../src/app/fan/down.js'
import { byMark } from '../../../src/app/fan/marks.js'
import { show } from '../../../src/app/fan/show.js'
import { up } from '../../../src/app/fan/up.js'
import { Keeper } from '../../../src/app/monitor/keeper.js'
import type { FoundLink } from '../../../src/app/ports/machine.js'
import { FakeMachine, ordinaryHost } from '../../fake/machine.js'
import { prefix, request } from './requests.js'

const requests = {
  ipip: request('250.0.0.0/8', 'eth0/16', { dhcp: true }),
  vxlan: request('250.0.0.0/8', 'eth0/16', { encapsulation: 'vxlan', dhcp: true }),
  'by routes': request('250.0.0.0/8', 'eth0/24', { encapsulation: 'vxlan', steering: 'routes' }),
}
const gently = { force: false }

/** A host with a fan whose links have other names, as a person would give them. */
async function hostWith(one = requests.ipip, links: readonly string[] = []): Promise<FakeMachine> {
  const machine = new FakeMachine(ordinaryHost(prefix('10.0.3.4/16')))
  await up(machine, one)
  const names = (await machine.observe()).links.filter(({ ours }) => ours).map(({ name }) => name)
  for (const name of names.filter((own) => links.length === 0 || links.includes(own))) await rename(machine, name)
  return machine
}

async function rename(machine: FakeMachine, name: string): Promise<void> {
  const { routes, neighbours } = await machine.observe()
  await machine.execute({ object: 'name', link: `x-${name}`, before: { name }, after: { name: `x-${name}` } })
  machine.asked.pop()
  // Since Linux 6.2 nothing has to go down for it.
  const now = <One extends { readonly link: string }>(one: One) =>
    one.link === name ? { ...one, link: `x-${name}` } : one
  machine.change((found) => {
    found.links = found.links.map((link) => (link.name === `x-${name}` ? { ...link, up: true } : link))
    found.routes = routes.map(now)
    found.neighbours = neighbours.map(now)
  })
}

const change = (machine: FakeMachine, name: string, traits: Partial<FoundLink>) =>
  machine.change((found) => {
    found.links = found.links.map((link) => (link.name === name ? { ...link, ...traits } : link))
  })

describe.each(Object.entries(requests))('a fan %s with renamed links', (_, one) => {
  test('is seen as if they had their names, which show tells', async () => {
    const { fans } = await show(await hostWith(one, ['fan-250']))
    expect(fans[0]?.drift.slice(0, 3)).toEqual([
      '# fan-250 is called x-fan-250 now',
      'ip link set x-fan-250 down',
      'ip link set x-fan-250 name fan-250',
    ])
  })

  test.each(['alias', 'mac'] as const)('whose %s is lost as well, is mended by up', async (trait) => {
    const machine = await hostWith(one)
    for (const { name, ours, kind } of (await machine.observe()).links)
      if (ours && kind !== 'ipip')
        change(machine, name, trait === 'alias' ? { alias: '' } : { mac: '02:00:00:00:00:01' })
    await up(machine, one)
    expect((await show(machine)).fans).toMatchObject([{ drift: [] }])
    expect((await machine.observe()).links.filter(({ ours }) => ours)).toHaveLength(2)
  })

  test('is mended by the monitor, in one repair for each link', async () => {
    const machine = await hostWith(one, ['fan-250'])
    const { attempts, left } = await new Keeper(machine).look()
    expect(attempts[0]).toMatchObject({
      repair: { thing: 'link fan-250', what: 'renamed x-fan-250 back to fan-250' },
      problem: undefined,
    })
    expect(left).toEqual([])
  })

  test('goes down, with a stranger in its place, too', async () => {
    for (const isReplaced of [false, true]) {
      const machine = await hostWith(one)
      const [lo] = ordinaryHost(prefix('10.0.3.4/16')).links
      const stranger = { ...lo, name: 'fan-250', kind: 'bridge' } as FoundLink
      if (isReplaced)
        machine.change((found) => {
          found.links.push(stranger)
        })
      await down(machine, { bridge: 'fan-250' }, gently)
      const { links } = await machine.observe()
      expect(links.map(({ name }) => name)).toEqual(['lo', 'eth0', ...(isReplaced ? ['fan-250'] : [])])
    }
  })

  test('goes down without its record', async () => {
    const machine = await hostWith(one)
    machine.change((found) => {
      found.files = {}
    })
    await down(machine, { overlay: one.overlay }, gently)
    expect((await machine.observe()).links.map(({ name, kind }) => (kind === 'bridge' ? name : kind))).not.toContain(
      'x-fan-250',
    )
  })
})

test('a bridge with containers does not go down under another name either', async () => {
  const machine = await hostWith()
  machine.change((found) => {
    const [lo] = found.links
    if (lo) found.links.push({ ...lo, name: 'c1', bridge: 'x-fan-250' })
  })
  await expect(down(machine, { bridge: 'fan-250' }, gently)).rejects.toMatchObject({
    code: 'FAN_IN_USE',
    message: 'fan-250 is in use by c1',
  })
})

test.each([
  ['has the name', { name: 'fan-250', kind: 'bridge' }, 'LINK_REPLACED'],
  ['has it as an alternative name', { name: 'eth1', altnames: ['fan-250'] }, 'ALTNAME_CONFLICT'],
] as const)('where a stranger %s, nothing is touched', async (_, traits, code) => {
  const machine = await hostWith(requests.vxlan, ['fan-250'])
  machine.change((found) => {
    const [lo] = found.links
    if (lo) found.links.push({ ...lo, ...traits } as FoundLink)
  })
  const { links } = await machine.observe()
  await expect(up(machine, requests.vxlan)).rejects.toMatchObject({ code })
  const { attempts } = await new Keeper(machine).look()
  expect(attempts).toMatchObject([{ problem: { code } }])
  expect((await machine.observe()).links).toEqual(links)
})

test('a bridge whose own name is an alternative one gets it back', async () => {
  const machine = await hostWith(requests.vxlan, ['fan-250'])
  change(machine, 'x-fan-250', { altnames: ['fan-250'] })
  expect((await show(machine)).fans[0]?.drift[1]).toBe('ip link property del dev x-fan-250 altname fan-250')
  await up(machine, requests.vxlan)
  expect((await machine.observe()).links.find(({ name }) => name === 'fan-250')?.altnames).toEqual([])
})

test('a name that would do something in a shell is a word of it in the lines that mend it', async () => {
  const machine = await hostWith(requests.vxlan, ['fan-250'])
  const given = { name: '$(reboot)' }
  await machine.execute({ object: 'name', link: given.name, before: { name: 'x-fan-250' }, after: given })
  expect((await show(machine)).fans[0]?.drift[2]).toBe("ip link set '$(reboot)' name fan-250")
})

test('a bridge that has lost its group is not ours, and down says that it stays', async () => {
  const machine = new FakeMachine(ordinaryHost(prefix('10.0.3.4/16')))
  await up(machine, requests.ipip)
  change(machine, 'fan-250', { ours: false })
  await expect(up(machine, requests.ipip)).rejects.toMatchObject({ code: 'LINK_DISOWNED' })
  const { warnings } = await down(machine, { bridge: 'fan-250' }, gently)
  expect(warnings).toEqual([
    expect.stringContaining('ip_forward stays 1'),
    expect.stringContaining('ip link del fan-250'),
  ])
})

test('two links with one mark: neither is taken for the other', async () => {
  const machine = await hostWith(requests.vxlan, ['fan-250'])
  machine.change((found) => {
    const copy = found.links.find(({ name }) => name === 'x-fan-250')
    if (copy) found.links.push({ ...copy, name: 'y' })
  })
  const found = await machine.observe()
  expect(byMark(found, [])).toBe(found)
  expect((await show(machine)).fans[0]?.drift[0]).not.toContain('is called')
})
