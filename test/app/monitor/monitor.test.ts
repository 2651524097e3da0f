/** The loop on the host in memory, with a clock that the test moves. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { down } from '../../../src/app/fan/down.js'
import { planUp, up } from '../../../src/app/fan/up.js'
import { Monitor, type MonitorOptions, monitorOnce } from '../../../src/app/monitor/monitor.js'
import type { Event } from '../../../src/app/monitor/report.js'
import type { FoundLink, Observation } from '../../../src/app/ports/machine.js'
import type { Change } from '../../../src/core/change.js'
import { FanError } from '../../../src/core/errors.js'
import { kindOf, describe as linesOf } from '../../../src/core/objects/objects.js'
import { FakeFiles } from '../../fake/files.js'
import { FakeMachine, ordinaryHost } from '../../fake/machine.js'
import { prefix, request } from '../fan/requests.js'

const fan = request('250.0.0.0/8', '10.0.3.4/16', { encapsulation: 'vxlan' })
const second = 1000

/** A host that other programs disturb, and that counts looks. */
class WatchedHost extends FakeMachine {
  looks = 0
  /** Changes of this kind fail. */
  refused: string | undefined
  /** What another program does after each change. */
  meddle: ((change: Change) => void) | undefined

  override async observe(): Promise<Observation> {
    this.looks += 1
    return super.observe()
  }

  override async execute(change: Change): Promise<void> {
    const kind = kindOf(change)
    if (kind === this.refused) throw new FanError('STEP_FAILED', { step: kind, problem: 'refused' })
    await super.execute(change)
    this.meddle?.(change)
  }

  /** `ip link del` */
  removeLink(name: string): void {
    this.change((found) => {
      found.links = found.links
        .filter((link) => link.name !== name)
        .map((link) => (link.bridge === name ? { ...link, bridge: undefined } : link))
      found.addresses = found.addresses.filter(({ link }) => link !== name)
      found.filters = found.filters.filter(({ link }) => link !== name)
    })
  }

  attach(name: string, bridge: string): void {
    this.change((found) => {
      const [lo] = found.links
      if (lo) found.links.push({ ...lo, name, kind: 'veth', ...(bridge && { bridge }) })
    })
  }

  setUnderlay(address: string | undefined): void {
    this.change((found) => {
      const others = found.addresses.filter(({ link }) => link !== 'eth0')
      found.addresses = address === undefined ? others : [...others, { link: 'eth0', prefix: prefix(address) }]
    })
  }

  async link(name: string): Promise<FoundLink | undefined> {
    return (await super.observe()).links.find((link) => link.name === name)
  }
}

let host: WatchedHost
let said: Event[]
let monitor: Monitor | undefined
let running: Promise<void> | undefined

beforeEach(async () => {
  vi.useFakeTimers()
  host = new WatchedHost(ordinaryHost(prefix('10.0.3.4/16')))
  await up(host, fan)
  host.looks = 0
  said = []
})

afterEach(async () => {
  host.meddle = undefined
  monitor?.stop('the test')
  await pass(second)
  await running
  monitor = undefined
  running = undefined
  expect(host.locks).toBe(0)
  vi.useRealTimers()
})

async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds)
}

async function start(more: Partial<MonitorOptions> = {}): Promise<void> {
  monitor = new Monitor(host, { say: (event) => said.push(event), ...more })
  running = monitor.run()
  await pass(0)
}

/** `nft flush ruleset` */
function loseFirewall(): void {
  host.change((found) => {
    found.firewall = undefined
  })
}

const lines = () => said.filter(({ event }) => event !== 'started').map(({ event, message }) => `${event}: ${message}`)

describe('on a quiet host', () => {
  test('it looks once, says nothing, and sleeps without a timer', async () => {
    await start()
    await pass(3600 * second)
    expect(host.looks).toBe(1)
    expect(lines()).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('an interval makes it look again', async () => {
    await start({ interval: 30 * second })
    await pass(95 * second)
    expect(host.looks).toBe(4)
  })

  test('a signal makes it look at once', async () => {
    await start()
    monitor?.lookAgain()
    await pass(0)
    expect(host.looks).toBe(2)
  })
})

describe('events', () => {
  test('that come together are one look', async () => {
    await start()
    for (let count = 0; count < 20; count += 1) {
      host.change(() => {})
      await pass(10)
    }
    expect(host.looks).toBe(1)
    await pass(60)
    expect(host.looks).toBe(2)
  })

  test('that never end are looked at all the same, and not all the time', async () => {
    await start()
    for (let count = 0; count < 1000; count += 1) {
      host.change(() => {})
      await pass(10)
    }
    expect(host.looks).toBeGreaterThanOrEqual(15)
    expect(host.looks).toBeLessThanOrEqual(22)
  })

  test('of its own repairs make it look once more, and say nothing', async () => {
    await start()
    host.removeLink('ftun-250')
    await pass(60 * second)
    expect(lines()).toEqual(['repaired: restored tunnel ftun-250'])
    expect((await planUp(host, fan)).steps).toEqual([])
    // The first, the repair before and after, and the one that its own events made.
    expect(host.looks).toBe(5)
  })
})

describe('a bridge that was removed', () => {
  test('comes back with the containers that were on it, and with no others', async () => {
    await start()
    host.attach('c1', 'fan-250')
    host.attach('c2', 'fan-250')
    host.attach('stranger', '')
    await pass(second)
    host.removeLink('fan-250')
    await pass(second)
    expect(lines()).toEqual(['repaired: restored bridge fan-250 with its ports ftun-250, c1 and c2'])
    expect([(await host.link('c1'))?.bridge, (await host.link('stranger'))?.bridge]).toEqual(['fan-250', undefined])
    expect(said.at(-1)?.steps.flatMap(linesOf)).toContain('ip link set c1 master fan-250')
  })

  test('does not take back a container that is gone, or on another bridge by now', async () => {
    await start()
    for (const name of ['c1', 'c2', 'c3']) host.attach(name, 'fan-250')
    await pass(second)
    host.removeLink('c1')
    host.removeLink('fan-250')
    host.change((found) => {
      found.links = found.links.map((link) => (link.name === 'c2' ? { ...link, bridge: 'br0' } : link))
    })
    await pass(second)
    expect([(await host.link('c2'))?.bridge, (await host.link('c3'))?.bridge]).toEqual(['br0', 'fan-250'])
  })

  test('is not put back while somebody else has its name', async () => {
    await start()
    host.removeLink('fan-250')
    host.attach('fan-250', '')
    await pass(5 * second)
    expect(lines()[0]).toContain(
      'cannot repair link fan-250 (retry in 1 s): the name "fan-250" is taken by a veth link',
    )
    host.removeLink('fan-250')
    await pass(60 * second)
    expect(lines().at(-1)).toContain('repaired: restored bridge fan-250')
  })
})

describe('somebody who takes a thing away each time', () => {
  test('is answered later and later, with a line each time', async () => {
    await start()
    const times: number[] = []
    const begin = Date.now()
    host.meddle = ({ object }) => {
      if (object === 'firewall') setTimeout(loseFirewall, 100)
    }
    loseFirewall()
    for (let count = 0; count < 1300; count += 1) {
      const before = said.length
      await pass(100)
      if (said.length > before) times.push(Math.round((Date.now() - begin) / second))
    }
    expect(times).toEqual([0, 1, 3, 7, 15, 31, 63, 123])
    expect(lines()[2]).toBe('repaired: restored the nftables table inet fanctl')
    expect(lines()[4]).toBe(
      'repaired: restored the nftables table inet fanctl; repaired 5 times in a short time, so not again within 16 s',
    )
  })

  test('does not keep other things from being mended', async () => {
    await start()
    host.meddle = ({ object }) => {
      if (object === 'firewall') loseFirewall()
    }
    loseFirewall()
    await pass(10 * second)
    const before = lines().length
    host.removeLink('ftun-250')
    await pass(second)
    expect(lines().slice(before)).toEqual(['repaired: restored tunnel ftun-250'])
  })
})

describe('a repair that fails', () => {
  test('is told, tried again later and later, and no longer told when nothing is new', async () => {
    await start()
    host.refused = 'set-firewall'
    loseFirewall()
    await pass(600 * second)
    expect(lines()).toEqual(
      [1, 2, 4, 8, 16, 32]
        .map((seconds) => `retry in ${seconds} s`)
        .concat('retry every 60 s')
        .map((when) => `failed: cannot repair firewall (${when}): this step failed: set-firewall: refused`),
    )
    host.refused = undefined
    await pass(60 * second)
    expect(lines().at(-1)).toMatch(/^repaired: restored the nftables table inet fanctl/)
  })

  test('leaves what it began as it was, and others are done', async () => {
    await start()
    host.refused = 'add-filter'
    loseFirewall()
    host.removeLink('ftun-250')
    await pass(500)
    expect(lines()).toEqual([
      'repaired: restored the nftables table inet fanctl',
      'failed: cannot repair link ftun-250 (retry in 1 s): this step failed: add-filter: refused',
    ])
    expect(await host.link('ftun-250')).toBeUndefined()
  })
})

describe('the underlay address', () => {
  test('that goes is told once, all stays in place, and so is its return', async () => {
    await start()
    host.setUnderlay(undefined)
    await pass(3600 * second)
    host.setUnderlay('10.0.3.4/16')
    await pass(60 * second)
    expect(lines()).toEqual([
      expect.stringContaining('stranded: cut off until this is fixed: this host does not have the address 10.0.3.4'),
      'recovered: its underlay address 10.0.3.4/16 is back',
    ])
    expect((await planUp(host, fan)).steps).toEqual([])
  })

  test('that is away for a moment is not worth a line', async () => {
    await start()
    host.setUnderlay(undefined)
    await pass(500)
    host.setUnderlay('10.0.3.4/16')
    await pass(60 * second)
    expect(lines()).toEqual([])
  })

  test('may be away while other things are mended', async () => {
    await start()
    host.setUnderlay(undefined)
    host.removeLink('fan-250')
    await pass(500)
    expect(lines()).toEqual(['repaired: restored bridge fan-250 with its port ftun-250'])
  })
})

describe('a fan that was asked for on a device', () => {
  const onDevice = request('250.0.0.0/8', 'eth0/16', { encapsulation: 'vxlan' })
  beforeEach(async () => {
    await up(host, onDevice)
    host.looks = 0
  })
  const slice = async () => (await host.link('fan-250'))?.alias

  test('follows its new address, in place and in one line', async () => {
    await start()
    host.attach('c1', 'fan-250')
    host.setUnderlay('10.0.3.9/16')
    await pass(second)
    expect(lines()).toEqual([
      'repaired: followed this host from 10.0.3.4/16 to 10.0.3.9/16; its slice is now 250.3.9.0/24 (was 250.3.4.0/24)',
    ])
    expect(host.asked.some((change) => kindOf(change) === 'del-link')).toBe(false)
    expect((await host.link('c1'))?.bridge).toBe('fan-250')
    expect((await planUp(host, onDevice)).steps).toEqual([])
    await pass(60 * second)
    expect(lines()).toHaveLength(1)
  })

  test('stays where it is while the device has the old address and a new one', async () => {
    await start()
    host.change((found) => found.addresses.push({ link: 'eth0', prefix: prefix('10.0.3.9/16') }))
    await pass(60 * second)
    expect(lines()).toEqual([])
  })

  test('waits where the new address makes no sense, says so once, and follows the next', async () => {
    await start()
    const before = await slice()
    host.setUnderlay('10.0.255.255/16')
    await pass(600 * second)
    expect(lines()).toEqual([
      expect.stringContaining(
        'stranded: cut off until this is fixed: no host can have 10.0.255.255: it is the broadcast address',
      ),
    ])
    expect(await slice()).toBe(before)
    host.setUnderlay('10.0.3.7/16')
    await pass(second)
    expect(lines().slice(1)).toEqual([
      expect.stringContaining('repaired: followed this host from 10.0.3.4/16 to 10.0.3.7/16'),
    ])
  })

  test('tells of a lost address once, and of the new one by following it', async () => {
    await start()
    host.setUnderlay(undefined)
    await pass(600 * second)
    host.setUnderlay('10.0.3.9/16')
    await pass(second)
    expect(lines()).toEqual([
      expect.stringContaining('stranded: cut off until this is fixed: the device "eth0" has no IPv4 address'),
      expect.stringContaining('repaired: followed this host'),
    ])
  })
})

test('another MTU of the underlay is followed', async () => {
  await start()
  host.change((found) => {
    found.links = found.links.map((link) => (link.name === 'eth0' ? { ...link, mtu: 1400 } : link))
  })
  await pass(second)
  expect(lines()).toEqual(['repaired: set the MTU of ftun-250 and fan-250 to 1350 (was 1450)'])
  expect((await host.observe()).dhcpServers.map(({ settings }) => settings?.mtu)).toEqual([1350])
})

test('a record that is damaged is told once, and nothing is touched meanwhile', async () => {
  await start()
  const { files } = await host.observe()
  host.change((found) => {
    found.files = { ...files, 'fan-250.fan.json': '{' }
  })
  host.removeLink('fan-250')
  await pass(600 * second)
  expect(lines()).toEqual([expect.stringContaining('failed: not watched: /run/fanctl/fan-250.fan.json is damaged')])
  host.change((found) => {
    found.files = files
  })
  await pass(60 * second)
  expect(lines().slice(1)).toEqual([
    'recovered: watched again: its record is valid',
    'repaired: restored bridge fan-250 with its port ftun-250',
  ])
})

test('where there is no fan, nothing is touched', async () => {
  await start()
  host.change((found) => {
    const { 'fan-250.fan.json': _, ...files } = found.files
    found.files = files
  })
  host.removeLink('ftun-250')
  await pass(60 * second)
  expect(lines()).toEqual([])
})

test('a stop lets the repair that is going on end', async () => {
  await start()
  host.removeLink('fan-250')
  host.meddle = ({ object }) => {
    if (object === 'link') monitor?.stop('SIGTERM')
  }
  await pass(second)
  await running
  expect(lines()).toEqual([
    'repaired: restored bridge fan-250 with its port ftun-250',
    'stopped: stopped by SIGTERM; the fans stay as they are',
  ])
})

test('what fails because a stop has hit more than the monitor is not told', async () => {
  await start()
  host.removeLink('ftun-250')
  loseFirewall()
  host.refused = 'set-firewall'
  host.meddle = () => monitor?.stop('SIGTERM')
  await pass(second)
  await running
  expect(lines()).toEqual([
    'repaired: restored tunnel ftun-250',
    'stopped: stopped by SIGTERM; the fans stay as they are',
  ])
})

describe('metrics', () => {
  const path = '/var/lib/node-exporter/fanctl.prom'

  test('are written after each look', async () => {
    const files = new FakeFiles()
    await start({ metrics: { path, files } })
    expect(files.readWhole(path)).toContain('fanctl_fan_up{bridge="fan-250"} 1\n')
    host.refused = 'set-firewall'
    loseFirewall()
    host.attach('c1', 'fan-250')
    await pass(500)
    const text = files.readWhole(path)
    expect(text).toContain('fanctl_fan_up{bridge="fan-250"} 0\n')
    expect(text).toContain('fanctl_fan_drift_steps{bridge="fan-250"} 1\n')
    expect(text).toContain('fanctl_containers{bridge="fan-250"} 1\n')
    expect(text).toContain('fanctl_repairs_total{bridge="",kind="firewall",result="failed"} 1\n')
  })

  test('that cannot be written end it before it begins', async () => {
    const files = new FakeFiles()
    files.refused.set(path, 'no such folder')
    const running = new Monitor(host, { say: () => {}, metrics: { path, files } }).run()
    const details = { path, problem: 'no such folder' }
    await expect(running).rejects.toMatchObject({ code: 'METRICS_UNUSABLE', details })
  })
})

describe('a single look', () => {
  const once = () => monitorOnce(host, { say: (event) => said.push(event) })

  test('says what it has done', async () => {
    host.removeLink('ftun-250')
    expect(await once()).toBe(true)
    expect(lines()).toEqual(['repaired: restored tunnel ftun-250'])
    expect(await once()).toBe(true)
    expect(lines()).toHaveLength(1)
  })

  test('is not content where something cannot be mended', async () => {
    host.refused = 'add-link'
    host.removeLink('ftun-250')
    expect(await once()).toBe(false)
  })

  test('tells at once of an address that is gone', async () => {
    host.setUnderlay(undefined)
    expect(await once()).toBe(true)
    expect(lines()).toEqual([expect.stringContaining('stranded: ')])
  })
})

describe('a fan of the fan file whose underlay is not there', () => {
  const late = request('251.0.0.0/8', 'eth0/16')
  const isUp = async () => Object.keys((await host.observe()).files).includes('fan-251.fan.json')

  test('waits, comes up with it, and is like any other then', async () => {
    host.setUnderlay(undefined)
    await start({ waiting: [late, fan] })
    await pass(10 * second)
    expect(lines().slice(0, 1)).toEqual(['waiting: 251.0.0.0/8 is waiting for its underlay, eth0/16'])
    expect(await isUp()).toBe(false)
    host.setUnderlay('10.0.3.4/16')
    await pass(second)
    expect(lines()).toContain('arrived: brought up, because its underlay is now there: 10.0.3.4/16')
    expect(await isUp()).toBe(true)
    await down(host, { bridge: 'fan-251' }, { force: false })
    await pass(10 * second)
    expect(await isUp()).toBe(false)
  })

  test('is not meant where it has its place: somebody may have taken it down', async () => {
    await start({ waiting: [late] })
    await pass(10 * second)
    expect(lines()).toEqual([])
    expect(await isUp()).toBe(false)
  })

  test('is left to whoever brings it up first', async () => {
    host.setUnderlay(undefined)
    await start({ waiting: [late] })
    host.setUnderlay('10.0.3.4/16')
    await up(host, late)
    await pass(second)
    expect(lines().filter((one) => one.startsWith('arrived'))).toEqual([])
  })

  test('is tried again, later and later, and told about once', async () => {
    host.setUnderlay(undefined)
    await start({ waiting: [late] })
    host.setUnderlay('10.0.3.4/16')
    host.refused = 'set-file'
    await pass(20 * second)
    expect(lines().filter((one) => one.startsWith('failed'))).toHaveLength(1)
    expect(host.looks).toBeLessThan(40)
    host.refused = undefined
    await pass(60 * second)
    expect(await isUp()).toBe(true)
  })
})
