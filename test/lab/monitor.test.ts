/**
 * A monitor on one of three hosts, and somebody who breaks that host's fan in every way. Nobody helps: within two
 * seconds every pair of containers reaches each other again, and the log has one line about it.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { MonitorLine } from '../../src/results/monitor.js'
import type { ShowView } from '../../src/results/show.js'
import type { UpView } from '../../src/results/up.js'
import { Lab, type LabContainer, type LabHost } from './lab.js'
import { labFolder } from './namespaces.js'
import { slowness } from './pace.js'
import { must, type RunOptions } from './shell.js'
import { alternately, standingIn, whenLoading } from './stand-ins.js'
import { labTypes } from './types.js'

/** Milliseconds within which all has to be well again, and after which something hangs. */
let limit = 2000
const hanging = 120_000
/** Waits for as long as it would take it to say one thing more. */
const settled = () => sleep(0.35 * 2000 + limit / 10)

/** The real program, in a host's namespace, until it is stopped. */
class LabMonitor {
  readonly lines: MonitorLine[] = []
  complaint = ''
  readonly #child: ChildProcess
  /** Its exit status. */
  readonly ended: Promise<number | null>

  constructor(host: LabHost, words: readonly string[] = [], { environment }: RunOptions = {}) {
    const program = ['netns', 'exec', host.namespace, process.execPath, resolve('bin/fanctl'), 'monitor', '--json']
    this.#child = spawn('ip', [...program, ...words], {
      env: { ...environmentOf(host), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let rest = ''
    this.#child.stdout?.on('data', (bytes) => {
      const parts = `${rest}${bytes}`.split('\n')
      rest = parts.pop() ?? ''
      for (const part of parts) this.lines.push(JSON.parse(part) as MonitorLine)
    })
    this.#child.stderr?.on('data', (bytes) => {
      this.complaint += String(bytes)
    })
    this.ended = new Promise((done) => this.#child.once('exit', done))
  }

  /** `ip netns exec` becomes the program, so this is the program's id. */
  get id(): number {
    return this.#child.pid ?? 0
  }

  async started(): Promise<void> {
    await until(() => this.lines.length > 0 || this.complaint !== '', hanging)
  }

  /** What has been mended since some line. */
  messagesSince(index: number): string[] {
    return this.lines.slice(index).map(({ event, message }) => `${event}: ${message}`)
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name)
  }

  /** Gives its exit status. */
  async stop(): Promise<number | null> {
    this.#child.kill('SIGCONT')
    this.#child.kill('SIGTERM')
    return await this.ended
  }
}

function environmentOf({ folders }: LabHost): NodeJS.ProcessEnv {
  const { runtime, state, config } = folders
  return { ...process.env, FANCTL_RUNTIME_DIR: runtime, FANCTL_STATE_DIR: state, FANCTL_CONFIG: config }
}

/** Milliseconds until something is so. Throws if it takes too long. */
async function until(isSo: () => boolean | Promise<boolean>, most: number): Promise<number> {
  const begun = performance.now()
  while (!(await isSo())) {
    if (performance.now() - begun > most) throw new Error(`not so after ${most} ms`)
    await sleep(10)
  }
  return performance.now() - begun
}

/** How many netlink messages a process has lost: the column "Drops" of its namespace's /proc/net/netlink. */
async function messagesLost(id: number): Promise<number> {
  const sockets = new Set((await must(['ls', '-l', `/proc/${id}/fd`])).match(/(?<=socket:\[)\d+/g))
  const rows = readFileSync(`/proc/${id}/net/netlink`, 'utf8')
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
  return rows.filter((row) => sockets.has(row.at(-1) ?? '')).reduce((sum, row) => sum + Number(row.at(-2)), 0)
}

/** Empty for a process that has ended. */
function nameOf(id: string): string {
  try {
    return readFileSync(`/proc/${id}/comm`, 'utf8').trim()
  } catch {
    return ''
  }
}

describe.each(labTypes())('a monitor of a %s fan', (type) => {
  const bridge = 'fan-250'
  const tunnel = type === 'ipip' ? 'ftun0' : 'ftun-250'
  const overhead = type === 'ipip' ? 20 : 50
  let lab: Lab
  let host: LabHost
  let monitor: LabMonitor
  const times: [what: string, milliseconds: number][] = []

  /** Whether every pair of containers reaches each other: all of them ask at once, for a tenth of the limit. */
  const isWhole = async (): Promise<boolean> => {
    const pairs = lab.containers.flatMap((from) =>
      lab.containers.filter((to) => to !== from).map((to) => [from, to] as const),
    )
    return (await Promise.all(pairs.map(([from, to]) => pings(from, to.address)))).every((one) => one)
  }
  const pings = async (from: LabContainer, address: string) =>
    (await from.run(['ping', '-c', '1', '-W', String(limit / 10_000), '-n', '-q', address])).status === 0
  const isUp = async () => {
    const { fans } = await host.fanctlJson<ShowView>(['show'])
    return fans.every(({ state }) => state === 'up') && fans.length === 1
  }

  beforeAll(async () => {
    lab = await Lab.build({ hosts: 2 })
    for (const one of lab.hosts) {
      await one.fanctlJson<UpView>(['up', '-o', '250.0.0.0/8', '-u', 'eth0/16', '--type', type, '--dhcp'])
      await lab.addContainer(one, bridge)
    }
    const [first] = lab.hosts
    if (!first) throw new Error('no host')
    host = first
    await lab.addContainer(host, bridge)
    monitor = new LabMonitor(host, ['--metrics', join(labFolder, 'fanctl.prom')])
    await monitor.started()
    expect(await isWhole()).toBe(true)
    limit *= await slowness(host)
  })
  afterAll(async () => {
    await monitor?.stop()
    lab?.close()
    process.stdout.write(times.map(([what, milliseconds]) => `  ${Math.round(milliseconds)} ms ${what}\n`).join(''))
  })

  const disturbances: [what: string, words: string[], messages: RegExp[]][] = [
    ['the tunnel is removed', ['ip', 'link', 'del', tunnel], [new RegExp(`^repaired: restored tunnel ${tunnel}$`)]],
    [
      'the bridge is removed',
      ['ip', 'link', 'del', bridge],
      [/^repaired: restored bridge fan-250 with its ports (?:ftun-250, )?vh1c1 and vh1c2$/],
    ],
    [
      "the route to the bridge's network is removed",
      ['ip', 'route', 'del', type === 'ipip' ? '250.0.11.0/24' : '250.0.0.0/8', 'dev', bridge],
      [/^repaired: restored route 250\.0\.\d+\.0\/\d+ dev fan-250$/],
    ],
    ...(type === 'ipip'
      ? [
          [
            'the route into the tunnel is removed',
            ['ip', 'route', 'del', '250.0.0.0/8'],
            [/^repaired: restored route 250\.0\.0\.0\/8 dev ftun0$/],
          ] as [string, string[], RegExp[]],
        ]
      : []),
    [
      'the address of the bridge is removed',
      ['ip', 'addr', 'flush', 'dev', bridge],
      [
        // The kernel drops the routes whose source it was.
        type === 'ipip'
          ? /^repaired: restored address 250\.0\.11\.1\/24 on fan-250; restored route 250\.0\.0\.0\/8 dev ftun0$/
          : /^repaired: restored address 250\.0\.11\.1\/8 on fan-250$/,
      ],
    ],
    [
      'a filter is removed',
      ['tc', 'filter', 'del', 'dev', tunnel, 'egress'],
      [/^repaired: restored the steering program fan_out_\w+ \(egress\) of ftun/],
    ],
    [
      'all filters are removed',
      ['tc', 'qdisc', 'del', 'dev', tunnel, 'clsact'],
      [/^repaired: restored the steering programs .* of ftun/],
    ],
    ['the bridge is set down', ['ip', 'link', 'set', bridge, 'down'], [/^repaired: set fan-250 up again$/]],
    [
      'forwarding is turned off',
      ['sysctl', '-q', '-w', 'net.ipv4.ip_forward=0'],
      [/^repaired: set net\.ipv4\.ip_forward to 1 \(was 0\)$/],
    ],
    ['all rules are flushed', ['nft', 'flush', 'ruleset'], [/^repaired: restored the nftables table inet fanctl$/]],
    [
      'the underlay takes smaller packets',
      ['ip', 'link', 'set', 'eth0', 'mtu', '1400'],
      [
        new RegExp(
          `^repaired: set the MTU of (?:${tunnel} and fan-250|fan-250 and ${tunnel}) to ${1400 - overhead} \\(was ${1500 - overhead}\\)$`,
        ),
      ],
    ],
  ]

  test.each(disturbances)('%s', async (what, words, messages) => {
    const before = monitor.lines.length
    await host.must(words)
    const begun = performance.now()
    await until(() => monitor.lines.length > before, limit)
    await until(isWhole, limit)
    const taken = performance.now() - begun
    times.push([what, taken])
    expect(taken).toBeLessThan(limit)
    // Its own changes are events, too; they say nothing.
    await settled()
    const said = monitor.messagesSince(before)
    expect(said).toHaveLength(messages.length)
    for (const [index, message] of messages.entries()) expect(said[index]).toMatch(message)
    expect(await isUp()).toBe(true)
  })

  /** The id of the host's dnsmasq, empty for none. */
  const serverId = async () => {
    const ids = (await must(['ip', 'netns', 'pids', host.namespace])).split('\n').filter((id) => id !== '')
    return ids.find((id) => nameOf(id) === 'dnsmasq') ?? ''
  }

  test('dnsmasq is killed', async () => {
    const before = monitor.lines.length
    const old = await serverId()
    await host.must(['kill', '-9', old])
    times.push(['dnsmasq is killed', await until(async () => ![old, ''].includes(await serverId()), limit)])
    await lab.addContainer(host, bridge)
    expect(await isWhole()).toBe(true)
    await settled()
    expect(monitor.messagesSince(before)).toEqual(['repaired: started dnsmasq on fan-250 again'])
  })

  test('dnsmasq is killed each time: it comes back, later and later', async () => {
    const before = monitor.lines.length
    const begun = performance.now()
    const tries = () =>
      monitor.lines.slice(before).filter(({ message }) => message.includes('dnsmasq') || message.includes('dhcp'))
        .length
    await until(async () => {
      const id = await serverId()
      if (id !== '') await host.run(['kill', '-9', id])
      return tries() >= 3
    }, hanging)
    // The first at once, or after the second that the test before has earned; then one after 1 and 2 seconds.
    expect(performance.now() - begun).toBeGreaterThan(2500)
    await until(async () => (await serverId()) !== '', hanging)
  })

  test('a bridge that came back serves DHCP', async () => {
    await host.must(['ip', 'link', 'del', bridge])
    await until(isWhole, 2 * limit)
    await lab.addContainer(host, bridge)
    expect(await isWhole()).toBe(true)
  })

  test('its address on the underlay is gone for a while: all stays as it is', async () => {
    const before = monitor.lines.length
    await host.must(['ip', 'addr', 'del', '10.0.0.11/16', 'dev', 'eth0'])
    await until(() => monitor.lines.length > before, 2 * limit)
    expect(await host.must(['ip', 'addr', 'show', 'dev', bridge])).toContain('250.0.11.1')
    await host.must(['ip', 'addr', 'add', '10.0.0.11/16', 'dev', 'eth0'])
    await until(isWhole, limit)
    await settled()
    expect(monitor.messagesSince(before)).toEqual([
      expect.stringContaining('stranded: cut off until this is fixed: the device "eth0" has no IPv4 address'),
      'recovered: its underlay address 10.0.0.11/16 is back',
    ])
  })

  test.each([
    [
      'a new address comes before the old one goes',
      '10.0.0.51',
      ['addr add 10.0.0.51/16 dev eth0', 'addr del 10.0.0.11/16 dev eth0'],
    ],
    [
      'the old address goes before a new one comes',
      '10.0.0.11',
      ['addr flush dev eth0', 'addr add 10.0.0.11/16 dev eth0'],
    ],
  ])('its address on the underlay changes: %s', async (what, address, changes) => {
    // As those set it who renew leases: the kernel would drop the new address with the old one.
    await host.must(['sysctl', '-q', '-w', 'net.ipv4.conf.eth0.promote_secondaries=1'])
    const before = monitor.lines.length
    for (const words of changes) await host.must(['ip', ...words.split(' ')])
    const begun = performance.now()
    await until(() => monitor.lines.length > before, limit)
    times.push([`${what}, and the fan follows`, performance.now() - begun])
    const own = lab.containers.filter((one) => one.host === host)
    // One after the other: two that ask at once may be offered the same address, and the one that is refused waits 3 s.
    for (const container of own) await lab.renew(container)
    await until(isWhole, limit)
    const taken = performance.now() - begun
    times.push([`${what}, with new leases`, taken])
    expect(taken).toBeLessThan(limit)
    await settled()
    const slice = address.replace('10.0.', '250.')
    expect(monitor.messagesSince(before)).toEqual([
      expect.stringMatching(`^repaired: followed this host from .* to ${address}/16; its slice is now ${slice}.0/24 `),
    ])
    expect(lab.containers.find((one) => one.host === host)?.address).toContain(`${slice}.`)
    expect(await isUp()).toBe(true)
  })

  test('more happens than it is told: it looks all the same', async () => {
    const before = monitor.lines.length
    // Enough messages for a socket to lose some.
    const flood = Array.from({ length: 400 }, () => 'link set eth0 promisc on\nlink set eth0 promisc off\n').join('')
    monitor.signal('SIGSTOP')
    try {
      await host.must(['ip', '-batch', '-'], { input: flood })
      await host.must(['ip', 'link', 'del', tunnel])
      await host.must(['ip', '-batch', '-'], { input: flood })
      expect(await messagesLost(monitor.id)).toBeGreaterThan(0)
    } finally {
      monitor.signal('SIGCONT')
    }
    await until(isWhole, 2 * limit)
    await settled()
    expect(monitor.messagesSince(before)).toEqual([`repaired: restored tunnel ${tunnel}`])
  })

  test('what people ask for meanwhile is not fought', async () => {
    const before = monitor.lines.length
    const other = ['-o', '251.0.0.0/8', '-u', 'eth0/16', '--type', type, '--dhcp']
    for (let count = 0; count < 3; count += 1) {
      await host.fanctlJson<UpView>(['up', ...other])
      await host.fanctlJson<UpView>(['up', ...other, '--mtu', '1200'])
      await host.fanctlJson(['down', '-o', '251.0.0.0/8'])
    }
    await settled()
    expect(monitor.messagesSince(before)).toEqual([])
    expect(await isUp()).toBe(true)
  })

  test('half a fan, of an up that was killed, is finished', async () => {
    const other = ['-o', '251.0.0.0/8', '-u', 'eth0/16', '--type', type, '--dhcp']
    const record = join(host.folders.runtime, 'fan-251.fan.json')
    const words = ['netns', 'exec', host.namespace, process.execPath, resolve('bin/fanctl'), 'up', ...other]
    const up = spawn('ip', words, { env: environmentOf(host), stdio: 'ignore' })
    await until(() => existsSync(record), hanging)
    up.kill('SIGKILL')
    await until(async () => (await host.fanctl(['plan', ...other, '--exit-code'])).status === 0, 3 * limit)
    await host.fanctlJson(['down', '-o', '251.0.0.0/8'])
  })

  test('a second one is refused, and a single look beside it is not', async () => {
    const second = await host.fanctl(['monitor'], { timeout: hanging })
    expect(second.status).toBe(1)
    expect(second.complaint).toContain(`fanctl monitor is already running on this host: node (process ${monitor.id})`)
    const look = await host.fanctl(['monitor', '--once'])
    expect({ status: look.status, output: look.output }).toEqual({ status: 0, output: '' })
  })

  test('its metrics say what there is', () => {
    const text = readFileSync(join(labFolder, 'fanctl.prom'), 'utf8')
    expect(text).toContain('fanctl_fan_up{bridge="fan-250"} 1\n')
    expect(text).toContain(`fanctl_link_up{bridge="fan-250",link="${tunnel}"} 1\n`)
    expect(text).toMatch(/^fanctl_leases\{bridge="fan-250"\} [1-9]/m)
    expect(text).toMatch(/^fanctl_packets_total\{bridge="fan-250",result="delivered"\} [1-9]/m)
    expect(text).toMatch(/^fanctl_repairs_total\{bridge="fan-250",kind="dhcp",result="repaired"\} [1-9]/m)
  })

  test('it ends when asked to, and leaves the fan as it is', async () => {
    expect(await monitor.stop()).toBe(0)
    expect(monitor.lines.at(-1)?.message).toBe('stopped by SIGTERM; the fans stay as they are')
    expect(monitor.complaint).toBe('')
    expect(await isWhole()).toBe(true)
  })

  // As a service manager does with a whole service.
  test('a stop that hits the nft of a repair, too, lets the repair end', async () => {
    const nft = standingIn('nft', whenLoading(alternately('kill -TERM $PPID $$')))
    const stopped = new LabMonitor(host, [], nft)
    await stopped.started()
    await host.must('nft delete table inet fanctl'.split(' '))
    expect(await stopped.ended).toBe(0)
    expect(stopped.messagesSince(1)).toEqual([
      'repaired: restored the nftables table inet fanctl',
      'stopped: stopped by SIGTERM; the fans stay as they are',
    ])
    expect(stopped.complaint).toBe('')
    expect(await isUp()).toBe(true)
  })

  test('a single look mends, too, and says so', async () => {
    await host.must(['ip', 'link', 'del', tunnel])
    const { status, output } = await host.fanctl(['monitor', '--once'])
    expect({ status, output }).toEqual({ status: 0, output: `fan-250: restored tunnel ${tunnel}\n` })
    expect(await isWhole()).toBe(true)
  })
})

test('a fan of the fan file comes up with its underlay, however late that is', async () => {
  const lab = await Lab.build({ hosts: 1 })
  const [host] = lab.hosts
  if (!host) throw new Error('no host')
  const monitors: LabMonitor[] = []
  try {
    await host.must(['ip', 'addr', 'flush', 'dev', 'eth0'])
    const type = labTypes().at(-1) ?? ''
    writeFileSync(host.folders.config, `10.0.0.0/16 250.0.0.0/8 --enable --type=${type}\n`)
    expect((await host.fanctl(['up', '-a'])).status).toBe(1)
    const monitor = new LabMonitor(host)
    monitors.push(monitor)
    await until(() => monitor.lines.length > 1, hanging)
    expect(monitor.messagesSince(1)).toEqual(['waiting: 250.0.0.0/8 is waiting for its underlay, 10.0.0.0/16'])
    await host.must(['ip', 'addr', 'add', '10.0.3.4/16', 'dev', 'eth0'])
    await until(() => monitor.lines.length > 2, hanging)
    expect(monitor.messagesSince(2)).toEqual(['arrived: brought up, because its underlay is now there: 10.0.3.4/16'])
    expect((await host.fanctlJson<ShowView>(['show'])).fans).toMatchObject([{ state: 'up', enable: true }])
    await host.fanctlJson(['down', '-a'])
  } finally {
    for (const monitor of monitors) await monitor.stop()
    lab.close()
  }
})
