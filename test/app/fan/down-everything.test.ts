import { describe, expect, test } from 'vitest'
import { downEverything, planEverything } from '../../../src/app/fan/down-everything.js'
import { up } from '../../../src/app/fan/up.js'
import { beforeFile } from '../../../src/config/before.js'
import { FakeMachine, ordinaryHost } from '../../fake/machine.js'
import { prefix, request } from './requests.js'

const fans = [
  request('250.0.0.0/8', 'eth0/16'),
  request('251.0.0.0/8', 'eth0/16', { encapsulation: 'vxlan' }),
  request('252.0.0.0/8', 'eth0/16', { bridge: 'blue' }),
]
const bridges = ['blue', 'fan-250', 'fan-251']
const gently = { force: false }

async function withFans(): Promise<FakeMachine> {
  const machine = new FakeMachine(ordinaryHost(prefix('10.0.3.4/16')))
  for (const fan of fans) await up(machine, fan)
  return machine
}

/** What of fanctl is on a host. */
async function rest(machine: FakeMachine) {
  const { links, addresses, routes, filters, firewall, dhcpServers, files } = await machine.observe()
  return {
    links: links.filter(({ ours }) => ours),
    addresses: addresses.filter(({ link }) => link !== 'eth0'),
    routes: routes.filter(({ link }) => link !== 'eth0'),
    filters,
    firewall,
    dhcpServers,
    files,
  }
}
const none = { links: [], addresses: [], routes: [], filters: [], firewall: undefined, dhcpServers: [], files: {} }

test('every fan goes, and the host is as before the first', async () => {
  const machine = await withFans()
  const result = await downEverything(machine, gently)
  expect(result).toMatchObject({ bridges, warnings: [] })
  expect(await machine.observe()).toEqual(await new FakeMachine(ordinaryHost(prefix('10.0.3.4/16'))).observe())
  expect(await planEverything(machine, gently)).toEqual({ bridges: [], steps: [], warnings: [] })
})

describe('records that are', () => {
  test.each([
    ['all lost', () => ({})],
    ['damaged', (files: Record<string, string>) => ({ ...files, 'blue.fan.json': '{', [beforeFile]: '[]' })],
    ['there, without what the host was like before', ({ [beforeFile]: _, ...files }: Record<string, string>) => files],
  ])('%s: all goes but the settings of the host, and a warning says so', async (_, lose) => {
    const machine = await withFans()
    machine.change((found) => {
      found.files = lose({ ...found.files })
    })
    const { bridges: names, warnings } = await downEverything(machine, gently)
    expect(names).toEqual(bridges)
    expect(warnings).toEqual([expect.stringMatching(/host-before.json is lost .*net\.ipv4\.ip_forward = 1/)])
    expect(await rest(machine)).toEqual(none)
    expect((await machine.observe()).sysctls['net/ipv4/ip_forward']).toBe('1')
  })

  test('all that is left are named, and gone', async () => {
    const machine = await withFans()
    machine.change((found) => {
      found.links = found.links.filter(({ ours }) => !ours)
      found.addresses = []
      found.routes = []
      found.filters = []
    })
    expect(await downEverything(machine, gently)).toMatchObject({ bridges, warnings: [] })
    expect(await rest(machine)).toEqual(none)
  })
})

describe('containers', () => {
  const withContainers = async () => {
    const machine = await withFans()
    machine.change((found) => {
      const [lo] = found.links
      if (lo) found.links.push({ ...lo, name: 'c1', bridge: 'fan-250' }, { ...lo, name: 'c2', bridge: 'blue' })
    })
    return machine
  }

  test('are named, and nothing is touched', async () => {
    const machine = await withContainers()
    const asked = machine.asked.length
    const error = await downEverything(machine, gently).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'FAN_IN_USE', message: expect.stringMatching(/are in use by c1, c2$/) })
    expect(machine.asked).toHaveLength(asked)
  })

  test('are cut off by force', async () => {
    const machine = await withContainers()
    await downEverything(machine, { force: true })
    expect(await rest(machine)).toEqual(none)
  })
})

test('what another program made stays, and so does forwarding where it is needed', async () => {
  const machine = await withFans()
  machine.change((found) => {
    const [lo] = found.links
    if (lo) found.links.push({ ...lo, name: 'docker0', kind: 'bridge' })
  })
  const { warnings } = await downEverything(machine, gently)
  expect(warnings).toEqual([expect.stringContaining('ip_forward stays 1')])
  expect((await machine.observe()).links.map(({ name }) => name)).toEqual(['lo', 'eth0', 'docker0'])
})

test('goes on after an error at any step, reports it, and can be run again', async () => {
  const found = await (await withFans()).observe()
  const { steps } = await planEverything(new FakeMachine(found), gently)
  for (let at = 0; at < steps.length; at += 1) {
    const machine = new FakeMachine(found)
    machine.failure = { at, done: false }
    await expect(downEverything(machine, gently)).rejects.toMatchObject({ code: 'TEARDOWN_INCOMPLETE' })
    const files = steps.filter(({ object }) => object === 'file').length
    expect(machine.asked.length).toBeGreaterThanOrEqual(steps.length - files)
    await downEverything(machine, gently)
    expect(await rest(machine)).toEqual(none)
    expect(machine.locks).toBe(0)
  }
})
