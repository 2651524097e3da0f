/** Every place where the way of a packet can stop, on a fake host and a fake network. */
import { beforeEach, describe, expect, test } from 'vitest'
import { up } from '../../../src/app/fan/up.js'
import type { FoundLink } from '../../../src/app/ports/machine.js'
import type { StageName } from '../../../src/app/trace/stages.js'
import { type Trace, trace } from '../../../src/app/trace/trace.js'
import { readAddress } from '../../../src/config/values.js'
import { FanError } from '../../../src/core/errors.js'
import type { Answer } from '../../../src/core/probe.js'
import { type Counts, noCounts } from '../../../src/core/steering/counters.js'
import type { TypeName } from '../../../src/core/types/types.js'
import { resultSchemas } from '../../../src/results/schemas.js'
import { viewTrace } from '../../../src/results/trace.js'
import { FakeLookups, onLink } from '../../fake/lookups.js'
import { FakeMachine, ordinaryHost } from '../../fake/machine.js'
import { prefix, request } from '../fan/requests.js'

const address = (text: string) => readAddress('the address', text)
const silent: Answer = { kind: 'silent' }
const unreachable: Answer = { kind: 'refused', by: '10.0.0.1', reason: 'Destination Host Unreachable' }
const mac = '02:00:00:00:00:07'
const options = { probe: true, count: 2, seconds: 1 }

/** Counts as it is told, each time it is asked. */
class CountingHost extends FakeMachine {
  counts: Counts[] = []
  override countersOf() {
    return this.counts.shift() ?? noCounts
  }
}

let host: CountingHost
let network: FakeLookups

async function build(encapsulation: TypeName = 'ipip'): Promise<void> {
  host = new CountingHost(ordinaryHost(prefix('10.0.3.4/16')))
  network = new FakeLookups()
  await up(host, request('250.0.0.0/8', 'eth0/16', { encapsulation, hostReserve: 10 }))
  const link = encapsulation === 'ipip' ? 'ftun0' : 'fan-250'
  for (const text of ['250.7.8.9', '250.7.8.1', '250.7.8.77']) network.paths.set(text, onLink(link))
  network.paths.set('10.0.7.8', onLink('eth0', { source: address('10.0.3.4') }))
}

const port = (name: string, more: Partial<FoundLink> = {}) =>
  host.change((found) => {
    const [like] = found.links
    if (like) found.links = [...found.links, { ...like, name, bridge: 'fan-250', kind: 'veth', ...more }]
  })
const change = (name: string, more: Partial<FoundLink>) =>
  host.change((found) => {
    found.links = found.links.map((link) => (link.name === name ? { ...link, ...more } : link))
  })

/** Follows a packet; what comes of it has to fit the schema, whatever it is. */
async function follow(text: string, more = {}): Promise<Trace> {
  const result = await trace(host, network, address(text), { ...options, ...more })
  const view = viewTrace(result)
  expect(resultSchemas.trace.parse(view)).toEqual(view)
  expect(view.stages.map(({ text: sentence }) => sentence).join()).not.toMatch(/undefined|NaN|\[object/)
  return result
}

/** The stages by state, as `address fan | host`. */
const states = ({ stages }: Trace, state: string) =>
  stages.filter((one) => one.state === state).map(({ stage }) => stage)
const finding = ({ stages }: Trace, name: StageName) => {
  const found = stages.find(({ stage }) => stage === name)
  return [found?.text, ...(found?.hints ?? [])].join('\n')
}

beforeEach(() => build())

describe('a container of another host', () => {
  test.each(['ipip', 'vxlan'] as const)('answers on a %s fan', async (type) => {
    await build(type)
    const result = await follow('250.7.8.9')
    expect(result).toMatchObject({ complete: true, answers: true, stopsAt: undefined, warnings: [] })
    expect(states(result, 'ok')).toEqual(['address', 'fan', 'overlay', 'underlay', 'host', 'gateway', 'target', 'size'])
    const sizes = network.asked.filter(({ bytes }) => bytes !== undefined).map(({ bytes }) => bytes)
    expect(sizes).toEqual(type === 'ipip' ? [1500, 1480, 1480] : [1500, 1450, 1450])
    expect(network.asked.map(({ from }) => from)).toContain(address('250.3.4.1'))
  })

  test('is told what the firewall of its fan has dropped, and nothing where that is nothing', async () => {
    const nothing = finding(await follow('250.7.8.9'), 'fan')
    expect(nothing).toBe('fan-250 is in order')
    host.change((found) => {
      const packets = Object.fromEntries((found.firewall?.rules ?? []).map((digest) => [digest, 2]))
      if (found.firewall) found.firewall = { ...found.firewall, packets }
    })
    expect(finding(await follow('250.7.8.9'), 'fan')).toMatch(
      /^fan-250 is in order; its firewall has dropped \d+ packets as Forged, \d+ packets as Martian, \d+ packets as DHCP, \d+ packets as Excess$/,
    )
  })

  test('is not asked with --no-probe, and the way is complete', async () => {
    const result = await follow('250.7.8.9', { probe: false })
    expect(result).toMatchObject({ complete: true, answers: undefined, probes: [] })
    expect(network.asked).toEqual([])
    expect(states(result, 'skipped')).toEqual(['host', 'gateway', 'target', 'size'])
  })

  const endings: [ending: string, told: Record<string, Answer | number>, stopsAt: StageName, says: string][] = [
    ['the host is off', { '10.0.7.8': silent, '250.7.8.1': silent, '250.7.8.9': silent }, 'host', 'cut off'],
    [
      'a router cannot reach the host',
      { '10.0.7.8': unreachable, '250.7.8.1': silent, '250.7.8.9': silent },
      'host',
      '10.0.0.1 reports "Destination Host Unreachable"',
    ],
    ['the fan there is down', { '250.7.8.1': silent, '250.7.8.9': silent }, 'gateway', 'the fan is not up on 10.0.7.8'],
    ['the container is stopped', { '250.7.8.9': silent }, 'target', 'fanctl trace 250.7.8.9'],
    ['the underlay takes less', { '10.0.7.8': 1400, '250.7.8.1': 1380 }, 'size', '--mtu 1380 fits'],
    ['a router says that the packet is too big', { '10.0.7.8': 1500, '250.7.8.1': 1300 }, 'size', '--mtu 1300 fits'],
    ['the container takes less', { '250.7.8.9': 1400 }, 'size', 'a smaller MTU than the fan'],
  ]

  test.each(endings)('does not get all of its packets: %s', async (_, told, stopsAt, says) => {
    for (const [text, answer] of Object.entries(told)) network.told.set(text, answer)
    const result = await follow('250.7.8.9')
    expect(result).toMatchObject({ complete: false, stopsAt })
    expect(finding(result, stopsAt)).toContain(says)
    // Only the stage where it stops explains.
    expect(result.stages.filter(({ state, hints }) => state === 'failed' && hints.length > 0)).toHaveLength(1)
  })

  test.each([700, 1399, 1479, 1499])('of an underlay that takes %d bytes: that size is found', async (most) => {
    network.told.set('10.0.7.8', most)
    const { probes } = await follow('250.7.8.9')
    expect(probes.find(({ bytes }) => bytes === 1500)?.largest).toBe(most)
  })

  test('that answers, behind a host that drops pings, is no failure', async () => {
    network.told.set('10.0.7.8', silent).set('250.7.8.1', silent)
    const result = await follow('250.7.8.9')
    expect(result).toMatchObject({ complete: true, answers: true })
    expect(states(result, 'warning')).toEqual(['host', 'gateway'])
  })

  test('with large packets arriving in fragments is a warning', async () => {
    network.told.set('10.0.7.8', 1400)
    const result = await follow('250.7.8.9')
    expect(result.complete).toBe(true)
    expect(finding(result, 'size')).toContain('in fragments')
  })

  const counted: [what: string, grown: Partial<Counts>, says: string][] = [
    ['nothing came back', { sent: 2 }, '2 packets left through ftun0; nothing came back'],
    ['other traffic came', { sent: 2, delivered: 9 }, '; other traffic was delivered'],
    ['nothing left', {}, 'Sent has not grown'],
    ['answers were dropped', { sent: 2, spoofed: 2 }, 'they came from an address other than 10.0.7.8'],
  ]
  test.each(counted)('and the counters: %s', async (_, grown, says) => {
    network.told.set('250.7.8.1', silent).set('250.7.8.9', silent)
    const counts = host.counts
    // The stage of the fan reads them first, then the two programs and the guard, before and after.
    counts.push(...Array(6).fill(noCounts), { ...noCounts, ...grown })
    expect(finding(await follow('250.7.8.9'), 'gateway')).toContain(says)
  })

  test('and the counters tell nothing where the kernel has given up on ARP', async () => {
    const answer: Answer = { kind: 'refused', by: '250.3.4.1', reason: 'Destination Host Unreachable' }
    network.told.set('250.7.8.1', answer).set('250.7.8.9', answer)
    const text = finding(await follow('250.7.8.9'), 'gateway')
    expect(text).toContain('this host reports "Destination Host Unreachable, no ARP reply"')
    expect(text).not.toContain('Sent has not grown')
  })

  test('and the counters are not looked at without root', async () => {
    host.privileged = false
    network.told.set('250.7.8.1', silent).set('250.7.8.9', silent)
    const result = await follow('250.7.8.9')
    expect(finding(result, 'gateway')).not.toContain('Sent')
    expect(result.warnings).toEqual([expect.stringContaining('not running as root')])
  })
})

describe('on this host the way stops', () => {
  test('at the fan, if a part of it is missing', async () => {
    host.change((found) => {
      found.filters = []
    })
    network.told.set('250.7.8.1', silent).set('250.7.8.9', silent)
    const result = await follow('250.7.8.9')
    expect(result.stopsAt).toBe('fan')
    expect(finding(result, 'fan')).toContain('tc filter add')
  })

  test('at a route of another program', async () => {
    network.paths.set('250.7.8.9', onLink('wg0'))
    const result = await follow('250.7.8.9')
    expect(result.stopsAt).toBe('overlay')
    expect(finding(result, 'overlay')).toContain('to wg0, not to ftun0')
  })

  test.each(['no route', 'a blackhole route'])('at %s', async (reason) => {
    network.paths.set('250.7.8.9', reason)
    expect(finding(await follow('250.7.8.9'), 'overlay')).toContain(`this host has ${reason} for 250.7.8.9`)
    network.paths.set('10.0.7.8', reason)
    network.asked.length = 0
    const result = await follow('250.7.8.9')
    expect(finding(result, 'underlay')).toContain(`this host has ${reason} for 10.0.7.8`)
    expect(network.asked).toEqual([])
  })

  test('at a link without carrier, or one that is down', async () => {
    for (const text of ['10.0.7.8', '250.7.8.1', '250.7.8.9']) network.told.set(text, silent)
    change('eth0', { carrier: false })
    expect(finding(await follow('250.7.8.9'), 'underlay')).toContain('eth0 has no carrier')
    change('eth0', { up: false })
    expect(await follow('250.7.8.9')).toMatchObject({ stopsAt: 'underlay' })
  })

  test.each([
    ['the host', undefined, '10.0.7.8', 'it does not answer ARP'],
    ['the next hop', '10.0.0.1', '10.0.0.1', '10.0.0.1 does not answer ARP'],
  ])('where ARP is not answered by %s', async (_, via, silentOne, says) => {
    for (const text of ['10.0.7.8', '250.7.8.1', '250.7.8.9']) network.told.set(text, silent)
    network.paths.set('10.0.7.8', onLink('eth0', { via: via ? address(via) : undefined }))
    const entry = { link: 'eth0', address: address(silentOne), mac: undefined, state: 'silent' } as const
    network.seen = { addresses: [entry], stations: [] }
    const result = await follow('250.7.8.9')
    expect(result.stopsAt).toBe('underlay')
    expect(finding(result, 'underlay')).toContain(says)
    // Without asking, that is old news.
    const old = await follow('250.7.8.9', { probe: false })
    expect(old.complete).toBe(true)
    expect(states(old, 'warning')).toEqual(['underlay'])
  })

  test('where the owner is another address of this host', async () => {
    network.paths.set('10.0.7.8', onLink('lo', { kind: 'local' }))
    const result = await follow('250.7.8.9')
    expect(finding(result, 'underlay')).toContain('the fan on fan-250 was made with 10.0.3.4')
    expect(result.stopsAt).toBe('underlay')
  })

  test('where hosts are routed into a fan', async () => {
    network.paths.set('10.0.7.8', onLink('ftun0'))
    expect(finding(await follow('250.7.8.9', { probe: false }), 'underlay')).toContain('a link of a fan')
  })

  test('nowhere, but the kernel would send from another address, and the route takes less', async () => {
    network.paths.set('10.0.7.8', onLink('eth0', { source: address('10.0.99.1'), mtu: 1400 }))
    const result = await follow('250.7.8.9')
    expect(states(result, 'warning')).toEqual(['underlay'])
    expect(finding(result, 'underlay')).toMatch(/default source for it is 10\.0\.99\.1.*set --mtu 1380/s)
  })

  test('where a container uses an address of another host', async () => {
    await build('vxlan')
    port('veth7')
    const entry = { link: 'fan-250', address: address('250.7.8.9'), mac, state: 'reachable' } as const
    network.seen = { addresses: [entry], stations: [{ port: 'veth7', mac }] }
    const result = await follow('250.7.8.9')
    expect(result).toMatchObject({ answers: true, stopsAt: 'overlay', complete: false })
    network.seen = { addresses: [entry], stations: [{ port: 'ftun-250', mac }] }
    expect(await follow('250.7.8.9')).toMatchObject({ complete: true })
  })
})

describe('a container of this host', () => {
  const lease = {
    bridge: 'fan-250',
    address: address('250.3.4.20'),
    mac,
    hostname: 'web',
    expires: new Date('2100-01-01'),
  }
  const entry = { link: 'fan-250', address: address('250.3.4.20'), mac, state: 'reachable' } as const

  beforeEach(() => {
    port('veth7')
    network.given = [lease]
    network.seen = { addresses: [entry], stations: [{ port: 'veth7', mac }] }
    network.otherEnd = 'the namespace web'
  })

  test('answers: its port, its namespace, its lease', async () => {
    const result = await follow('250.3.4.20')
    expect(result).toMatchObject({ complete: true, answers: true, container: { port: 'veth7', mac, lease } })
    expect(finding(result, 'container')).toBe(
      `on port veth7 of fan-250, MAC ${mac}, in the namespace web; lease of web (${mac}) expires 2100-01-01T00:00:00.000Z`,
    )
  })

  test('is found by its lease when nothing is sent', async () => {
    network.seen = { addresses: [], stations: [{ port: 'veth7', mac }] }
    expect(finding(await follow('250.3.4.20', { probe: false }), 'container')).toContain('on port veth7')
  })

  test.each([
    ['gone, with a lease that is over', [{ ...lease, expires: new Date(0) }], 'expired 1970'],
    ['gone, without a lease', [], 'a container that is gone'],
  ])('is %s', async (_, given, says) => {
    network.told.set('250.3.4.20', silent)
    network.seen = { addresses: [{ ...entry, mac: undefined, state: 'silent' }], stations: [] }
    network.given = given
    const result = await follow('250.3.4.20')
    expect(result).toMatchObject({ complete: false, stopsAt: 'container' })
    expect(finding(result, 'container')).toContain(says)
    expect(finding(result, 'container')).toContain('attached to fan-250: veth7')
  })

  test('is not looked for on another bridge', async () => {
    change('veth7', { bridge: 'br0' })
    expect(await follow('250.3.4.20')).toMatchObject({ complete: true, container: { port: undefined } })
  })

  test('has a port without carrier', async () => {
    network.told.set('250.3.4.20', silent)
    change('veth7', { carrier: false })
    expect(finding(await follow('250.3.4.20'), 'container')).toContain('but veth7 has no carrier')
  })

  test('is there and drops pings', async () => {
    network.told.set('250.3.4.20', silent)
    const result = await follow('250.3.4.20')
    expect(result.stopsAt).toBe('target')
    expect(finding(result, 'target')).toContain('it drops pings')
  })

  test('is not the one that DHCP gave the address to', async () => {
    network.given = [{ ...lease, mac: '02:00:00:00:00:99' }]
    const result = await follow('250.3.4.20')
    expect(result.complete).toBe(true)
    expect(finding(result, 'container')).toContain('two containers may have it')
  })

  test.each([
    ['250.3.4.1', 'gateway', true],
    ['250.3.4.5', 'reserved', true],
    ['250.3.4.0', 'network', false],
    ['250.3.4.255', 'broadcast', false],
  ])('%s is not one: %s', async (text, role, complete) => {
    const result = await follow(text)
    expect(result.place).toMatchObject({ role })
    expect(result.complete).toBe(complete)
  })
})

describe('an address', () => {
  test.each([
    ['250.0.0.9', 'network'],
    ['250.255.255.9', 'broadcast'],
  ])('%s whose owner no host can be: the %s address', async (text, role) => {
    const result = await follow(text)
    expect(result).toMatchObject({ stopsAt: 'address', complete: false, place: { unusable: role } })
    expect(network.asked).toEqual([])
  })

  test.each(['10.0.0.0', '10.0.255.255'])('%s of the underlay that no host can have', async (text) => {
    expect(await follow(text)).toMatchObject({ stopsAt: 'address', answers: undefined })
  })

  test.each([
    ['250.7.8.0', 'network'],
    ['250.7.8.255', 'broadcast'],
  ])('%s of another slice that no container has: %s', async (text) => {
    const result = await follow(text)
    expect(finding(result, 'address')).toContain('fanctl trace 250.7.8.1')
    expect(result.stopsAt).toBe('address')
  })

  test('of the underlay tells its slice and is asked', async () => {
    const result = await follow('10.0.7.8')
    expect(result).toMatchObject({ complete: true, answers: true })
    expect(finding(result, 'address')).toContain('slice 250.7.8.0/24 of 250.0.0.0/8')
    network.told.set('10.0.7.8', silent)
    expect(await follow('10.0.7.8')).toMatchObject({ complete: false, stopsAt: 'host' })
  })

  test('of this host on the underlay says so', async () => {
    network.paths.set('10.0.3.4', onLink('lo', { kind: 'local' }))
    const result = await follow('10.0.3.4')
    expect(result).toMatchObject({ complete: true, answers: true })
    expect(finding(result, 'address')).toContain("this host's own address")
  })

  test('of no fan tells the fans there are, and its route', async () => {
    const result = await follow('192.0.2.1')
    expect(result).toMatchObject({ complete: false, stopsAt: 'address', answers: undefined })
    expect(finding(result, 'address')).toContain('250.0.0.0/8 over 10.0.3.4/16 on fan-250')
    expect(finding(result, 'underlay')).toContain('reached through eth0')
    expect(network.asked).toEqual([])
  })

  test('on a host without a fan', async () => {
    host = new CountingHost(ordinaryHost(prefix('10.0.3.4/16')))
    expect(finding(await follow('250.7.8.9'), 'address')).toContain('fanctl up')
    expect(finding(await follow('10.0.3.4'), 'address')).toContain("this host's address on eth0")
  })
})

test('without the program ping the way is told as far as it is known, and is not complete', async () => {
  network.failure = new FanError('PROGRAM_MISSING', { program: 'ping', package: 'iputils-ping' })
  const result = await follow('250.7.8.9')
  expect(result).toMatchObject({ complete: false, answers: undefined, stopsAt: undefined, probes: [] })
  expect(result.warnings).toEqual([expect.stringContaining('apt-get install iputils-ping')])
  network.failure = new Error('a bug')
  await expect(follow('250.7.8.9')).rejects.toThrow('a bug')
})

test('a host that cannot send is no host that does not answer', async () => {
  for (const text of ['10.0.7.8', '250.7.8.1', '250.7.8.9'])
    network.told.set(text, { kind: 'unsent', problem: 'permission denied (are you root?)' })
  const result = await follow('250.7.8.9')
  expect(result).toMatchObject({ complete: false, answers: undefined, stopsAt: undefined })
  expect(finding(result, 'host')).toContain('permission denied')
})

test('a ping that knows no sizes leaves them out', async () => {
  const ask = network.probe.bind(network)
  network.probe = async (probe) => (probe.bytes === undefined ? await ask(probe) : { kind: 'unable' })
  const result = await follow('250.7.8.9')
  expect(result.complete).toBe(true)
  expect(states(result, 'skipped')).toEqual(['size'])
  expect(finding(result, 'size')).toContain('iputils-ping')
})
