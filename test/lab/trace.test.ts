/** Where the way of a packet stops, on real hosts that are broken in one place each. */
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TraceView } from '../../src/results/trace.js'
import { Lab, type LabContainer, type LabHost } from './lab.js'
import { labTypes } from './types.js'

const overheads = { ipip: 20, vxlan: 50 }

/** An emulated machine is slow, and vxlan is seen on the machine's own kernel. */
const types = labTypes().filter((type, _, all) => type === 'ipip' || !all.includes('ipip'))

describe.each(types)('trace on a %s fan of two hosts', (type) => {
  let lab: Lab
  let here: LabHost
  let there: LabHost
  let near: LabContainer
  let far: LabContainer
  const mtu = 1500 - overheads[type]

  const up = (host: LabHost) => host.fanctlJson(['up', '-o', '250.0.0.0/8', '-u', 'eth0/16', '--type', type, '--dhcp'])
  const trace = async (address: string, ...flags: string[]) => {
    const { status, output, complaint } = await here.fanctl(['trace', address, '--json', ...flags])
    if (complaint !== '') throw new Error(complaint)
    const view = JSON.parse(output) as TraceView
    return { ...view, status }
  }
  const stateOf = ({ stages }: TraceView) => Object.fromEntries(stages.map(({ stage, state }) => [stage, state]))
  const findingOf = ({ stages, stopsAt }: TraceView) => {
    const { text, hints } = stages.find(({ stage }) => stage === stopsAt) ?? { text: '', hints: [] }
    return [text, ...hints].join('\n')
  }

  beforeAll(async () => {
    lab = await Lab.build({ hosts: 2 })
    const [first, second] = lab.hosts
    if (!first || !second) throw new Error('no hosts')
    here = first
    there = second
    await up(here)
    await up(there)
    near = await lab.addContainer(here, 'fan-250')
    far = await lab.addContainer(there, 'fan-250')
  })
  afterAll(() => lab.close())

  test('a container of the other host answers, at full size', async () => {
    const view = await trace(far.address)
    expect(view).toMatchObject({ status: 0, answers: true, stopsAt: null, owner: there.address, isHere: false })
    expect(new Set(Object.values(stateOf(view)))).toEqual(new Set(['ok']))
    expect(view.route).toEqual({ link: 'eth0', via: null, source: here.address, mtu: 1500 })
    expect(view.probes.filter(({ bytes }) => bytes !== null).map(({ to, bytes }) => `${to} ${bytes}`)).toEqual([
      `${there.address} 1500`,
      `250.0.12.1 ${mtu}`,
      `${far.address} ${mtu}`,
    ])
  })

  test("the other host, its gateway and this host's own addresses answer", async () => {
    for (const address of [there.address, '250.0.12.1', here.address, '250.0.11.1'])
      expect(await trace(address)).toMatchObject({ status: 0, answers: true, stopsAt: null })
  })

  test('sends nothing with --no-probe', async () => {
    const view = await trace(far.address, '--no-probe')
    expect(view).toMatchObject({ status: 0, answers: null, stopsAt: null, complete: true, probes: [] })
    expect(stateOf(view)).toMatchObject({ underlay: 'ok', host: 'skipped', target: 'skipped', size: 'skipped' })
  })

  test('a container of this host is named, with its lease and its port', async () => {
    const view = await trace(near.address)
    expect(view).toMatchObject({ status: 0, answers: true, isHere: true, stopsAt: null })
    const mac = JSON.parse(await near.must(['ip', '-j', 'link', 'show', 'eth0']))[0].address
    expect(view.container).toEqual({
      port: `v${near.name}`,
      mac,
      otherEnd: `the namespace ${near.namespace}`,
      lease: { mac, hostname: near.name, expires: expect.stringMatching(/^20\d\d-/) },
    })
  })

  test('a container whose link is down, and one that is gone', async () => {
    const gone = await lab.addContainer(here, 'fan-250')
    await gone.must(['ip', 'link', 'set', 'eth0', 'down'])
    const down = await trace(gone.address)
    expect(down).toMatchObject({ status: 1, answers: false, stopsAt: 'container' })
    expect(findingOf(down)).toContain(`v${gone.name} (no carrier)`)
    lab.removeContainer(gone)
    await here.run(['ip', 'neigh', 'flush', 'dev', 'fan-250'])
    const view = await trace(gone.address)
    expect(view).toMatchObject({ status: 1, answers: false, stopsAt: 'container' })
    expect(findingOf(view)).toMatch(new RegExp(`no container on fan-250 has ${gone.address}; lease of ${gone.name}`))
    expect(findingOf(view)).toContain(`attached to fan-250: v${near.name}`)
  })

  test('an address of this host that nobody has', async () => {
    const view = await trace('250.0.11.250')
    expect(view).toMatchObject({ status: 1, stopsAt: 'container', container: { lease: null, port: null } })
  })

  test('an address of the other host that nobody has', async () => {
    const view = await trace('250.0.12.250')
    expect(view).toMatchObject({ status: 1, stopsAt: 'target' })
    expect(findingOf(view)).toContain('fanctl trace 250.0.12.250')
  })

  test.runIf(type === 'vxlan')("a container of this host that uses another host's address", async () => {
    await near.must(['ip', 'addr', 'add', '250.0.12.77/32', 'dev', 'eth0'])
    const view = await trace('250.0.12.77')
    await near.must(['ip', 'addr', 'del', '250.0.12.77/32', 'dev', 'eth0'])
    expect(findingOf(view)).toContain(`on port v${near.name}`)
    expect(view).toMatchObject({ status: 1, stopsAt: 'overlay' })
  })

  test('the fan of the other host is down', async () => {
    await there.fanctl(['down', '-o', '250.0.0.0/8', '--force'])
    const view = await trace(far.address)
    expect(view).toMatchObject({ status: 1, answers: false, stopsAt: 'gateway' })
    expect(stateOf(view)).toMatchObject({ host: 'ok', gateway: 'failed', target: 'failed', size: 'ok' })
    expect(findingOf(view)).toMatch(/packets left through ftun.* nothing came back/)
    await up(there)
    await there.must(['ip', 'link', 'set', `v${far.name}`, 'master', 'fan-250'])
    expect(await trace(far.address)).toMatchObject({ status: 0 })
  })

  test('a firewall between drops what the fan puts on the wire', async () => {
    await there.must(['nft', 'add table ip wall'])
    await there.must(['nft', 'add chain ip wall in { type filter hook prerouting priority -300; }'])
    await there.must(['nft', `add rule ip wall in ${type === 'ipip' ? 'ip protocol 4' : 'udp dport 8472'} drop`])
    const view = await trace(far.address)
    await there.must(['nft', 'delete table ip wall'])
    expect(view).toMatchObject({ status: 1, stopsAt: 'gateway' })
    expect(findingOf(view)).toContain(type === 'ipip' ? 'IP protocol 4' : 'UDP port 8472')
  })

  test('the other host is cut off: its switch port is down', async () => {
    await lab.inSwitch(`link set ${there.name} down`)
    const view = await trace(far.address)
    await lab.inSwitch(`link set ${there.name} up`)
    expect(view).toMatchObject({ status: 1, answers: false })
    expect(['underlay', 'host']).toContain(view.stopsAt)
  })

  test('this host is cut off: its own link has no carrier', async () => {
    await lab.inSwitch(`link set ${here.name} down`)
    const view = await trace(far.address)
    await lab.inSwitch(`link set ${here.name} up`)
    expect(view).toMatchObject({ status: 1, stopsAt: 'underlay' })
    expect(findingOf(view)).toContain('no carrier')
  })

  test('something between the hosts takes smaller packets: how large they may be is found in bounded time', async () => {
    await lab.inSwitch(`link set ${there.name} mtu 1400`)
    const start = Date.now()
    const view = await trace(far.address)
    expect(Date.now() - start).toBeLessThan(30_000)
    await lab.inSwitch(`link set ${there.name} mtu 1500`)
    expect(view).toMatchObject({ status: 1, answers: true, stopsAt: 'size' })
    const { largest } = view.probes.find(({ to, bytes }) => to === there.address && bytes !== null) ?? {}
    expect([1400, 1404]).toContain(largest)
    expect(findingOf(view)).toContain(`--mtu ${(largest ?? 0) - overheads[type]}`)
  })

  test('a part of the fan here is missing, and the way stops there', async () => {
    await here.must(['tc', 'filter', 'del', 'dev', type === 'ipip' ? 'ftun0' : 'ftun-250', 'egress'])
    const view = await trace(far.address)
    await up(here)
    expect(view).toMatchObject({ status: 1, stopsAt: 'fan' })
    expect(findingOf(view)).toContain('tc filter add')
  })

  test('another program has a route for the address', async () => {
    await here.must(['ip', 'route', 'add', `${far.address}/32`, 'dev', 'eth0'])
    const view = await trace(far.address)
    await here.must(['ip', 'route', 'del', `${far.address}/32`])
    expect(view).toMatchObject({ status: 1, stopsAt: 'overlay' })
  })

  test('an address of no fan, with the route that it would take', async () => {
    const view = await trace('192.0.2.9')
    expect(view).toMatchObject({ status: 1, stopsAt: 'address', side: 'outside', owner: null, route: { link: 'eth0' } })
    expect(findingOf(view)).toContain('250.0.0.0/8 over 10.0.0.11/16 on fan-250')
  })

  test('asks with a ping of fewer options what that can ask, and without any tells the way', async () => {
    const folder = join(here.folders.state, 'bin')
    mkdirSync(folder)
    symlinkSync('/bin/busybox', join(folder, 'ping'))
    const withPath = (path: string) => ({ environment: { PATH: `${path}:/usr/sbin:/sbin` } })
    const start = Date.now()
    const few = await here.fanctl(['trace', far.address], withPath(folder))
    const middle = Date.now()
    expect(few).toMatchObject({ status: 0, complaint: '' })
    expect(few.output).toMatch(/^ok +target +250.* answers/m)
    expect(few.output).toMatch(/^skipped +size .*iputils-ping/m)
    const none = await here.fanctl(['trace', far.address], withPath('/nonexistent'))
    expect(none.status).toBe(1)
    // A program that cannot be started must not keep fanctl waiting for the 20 seconds that it would have.
    expect(Date.now() - middle).toBeLessThan(middle - start + 10_000)
    expect(none.complaint).toContain('apt-get install iputils-ping')
    expect(none.output).toMatch(/^ok +underlay /m)
  })

  test('needs no root', async () => {
    // As systemd has it for everybody. The capability that ping's file may have does not reach an emulated machine.
    await here.must(['sysctl', '-qw', 'net.ipv4.ping_group_range=0 2147483647'])
    const words = [
      'setpriv',
      '--reuid',
      '65534',
      '--clear-groups',
      process.execPath,
      'bin/fanctl',
      'trace',
      far.address,
    ]
    const { status, output, complaint } = await here.run(words)
    expect({ status, complaint }).toEqual({ status: 0, complaint: expect.stringContaining('not running as root') })
    expect(output).toMatch(/^ok +size /m)
  })
})
