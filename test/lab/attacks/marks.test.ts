/** Links of a fan whose names somebody has changed: they are known by their marks. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ShowView } from '../../../src/results/show.js'
import { Lab, type LabContainer, type LabHost } from '../lab.js'
import { labTypes } from '../types.js'

describe.each(labTypes())('the links of a %s fan', (type) => {
  const tunnel = type === 'ipip' ? 'ftun0' : 'ftun-250'
  const up = ['up', '-o', '250.0.0.0/8', '-u', 'eth0/16', '--type', type, '--dhcp']
  const down = ['down', '-o', '250.0.0.0/8']
  let lab: Lab
  let host: LabHost
  let near: LabContainer
  let far: LabContainer

  beforeAll(async () => {
    lab = await Lab.build({ hosts: 2 })
    for (const one of lab.hosts) await one.fanctlJson(up)
    const [first, second] = lab.hosts
    if (!first || !second) throw new Error('no hosts')
    host = first
    near = await lab.addContainer(host, 'fan-250')
    far = await lab.addContainer(second, 'fan-250')
  })
  /** What a test has left that failed halfway is no matter of the next one. */
  beforeEach(async () => {
    const mend = `
      mend() {
        ip link show dev $1 >/dev/null 2>&1 || return 0
        ip link property del dev $1 altname $2; ip link del dev $2
        ip link set $1 down && ip link set $1 name $2
      }
      ip link property del dev eth0 altname fan-250
      mend x fan-250; mend y ${tunnel}; ip link set fan-250 group 6709614
      ip -n ${near.namespace} link del ${tunnel}`
    await host.run(['sh', '-c', mend])
    await host.fanctlJson(up)
  })
  afterAll(() => lab?.close())

  /** Kernels before 6.2 rename no link that is up. */
  const rename = (from: string, to: string) =>
    host.must(['sh', '-c', `ip link set ${from} down && ip link set ${from} name ${to} && ip link set ${to} up`])
  const driftOf = async () => {
    const { status, output } = await host.fanctl(['show', '--check', '--json'])
    return { status, lines: (JSON.parse(output) as ShowView).fans.flatMap(({ drift }) => drift) }
  }
  const bridges = async () => (await host.must(['ip', '-br', 'link', 'show', 'type', 'bridge'])).match(/^\S+/gm)
  /** Which number has which name, group and addresses. */
  const links = async () =>
    (JSON.parse(await host.must(['ip', '-j', '-4', 'addr'])) as Record<string, unknown>[]).map(
      ({ ifindex, ifname, group, master, addr_info }) => [ifindex, ifname, group, master, JSON.stringify(addr_info)],
    )
  const addresses = async () => (await host.must(['ip', '-br', '-4', 'addr'])).match(/250\.0\.11\.1/g)?.length ?? 0
  const isWhole = async () => {
    expect(await driftOf()).toEqual({ status: 0, lines: [] })
    expect(await near.reaches(far.address)).toBe(true)
    expect(await far.reaches(near.address)).toBe(true)
  }

  test.each([
    ['bridge', 'fan-250'],
    ['tunnel', tunnel],
  ])(
    'the %s under another name: show says so, the monitor gives its own back, and no second one is made',
    async (_, name) => {
      await rename(name, 'x')
      const { status, lines } = await driftOf()
      expect(status).toBe(3)
      expect(lines[0]).toBe(`# ${name} is called x now`)
      const monitor = await host.fanctl(['monitor', '--once'])
      expect(monitor).toMatchObject({
        status: 0,
        output: expect.stringContaining(`renamed x back to ${name}`),
      })
      expect(await bridges()).toEqual(['fan-250'])
      await isWhole()
      await lab.renew(near).then((renewed) => {
        near = renewed
      })
    },
  )

  test('the bridge under another name, its own as an alternative one, as some programs leave it', async () => {
    await rename('fan-250', 'x')
    await host.must('ip link property add dev x altname fan-250'.split(' '))
    expect((await host.fanctl(['monitor', '--once'])).status).toBe(0)
    expect(await host.must(['ip', 'link'])).not.toContain('altname')
    expect(await bridges()).toEqual(['fan-250'])
    await isWhole()
  })

  test('both under other names, without aliases: up gives them their own back', async () => {
    for (const [name, other] of [
      ['fan-250', 'x'],
      [tunnel, 'y'],
    ] as const) {
      await rename(name, other)
      await host.must(['ip', 'link', 'set', other, 'alias', ''])
    }
    await host.fanctlJson(up)
    expect(await bridges()).toEqual(['fan-250'])
    await isWhole()
  })

  test.each([
    ['another bridge has the name', 'ip link add fan-250 type bridge', 'ip link del fan-250', 'LINK_REPLACED'],
    [
      'it is an alternative name of another link',
      'ip link property add dev eth0 altname fan-250',
      'ip link property del dev eth0 altname fan-250',
      'ALTNAME_CONFLICT',
    ],
  ])(
    'the bridge under another name, and %s: nothing is made, removed or taken for ours',
    async (_, take, give, code) => {
      await rename('fan-250', 'x')
      await host.must(take.split(' '))
      const before = await links()
      expect(await host.fanctl(up)).toMatchObject({ status: 1, complaint: expect.stringContaining(`(${code})`) })
      expect((await host.fanctl(['monitor', '--once'])).status).toBe(1)
      expect((await driftOf()).lines).toEqual([expect.stringMatching(/^# .*"fan-250"/)])
      expect(await links()).toEqual(before)
      await host.must(give.split(' '))
      expect((await host.fanctl(['monitor', '--once'])).status).toBe(0)
      await isWhole()
    },
  )

  test('the bridge in another group is not taken for ours, and not forgotten either', async () => {
    await host.must('ip link set fan-250 group 7'.split(' '))
    const { complaint } = await host.fanctl(up)
    expect(complaint).toContain('ip link set fan-250 group 6709614')
    expect((await host.fanctl([...down, '--dry-run'])).complaint).toMatch(/fan-250 was not removed: .*group/)
    await host.must('ip link set fan-250 group 6709614'.split(' '))
    await isWhole()
  })

  test('the tunnel in another network namespace: the error says where to look, and the rest is as before', async () => {
    await host.must(['ip', 'link', 'set', tunnel, 'netns', near.namespace])
    const { status, complaint } = await host.fanctl(up)
    expect(status).toBe(1)
    expect(complaint).toMatch(
      type === 'ipip' ? /\(TUNNEL_CONFLICT\)/ : /another network namespace\n.*\n.*\(VNI_HIDDEN\)/,
    )
    await near.must(['ip', 'link', 'del', tunnel])
    await host.fanctlJson(up)
    await isWhole()
  })

  test('all under other names, one with a stranger in its place: down takes ours, and leaves the stranger', async () => {
    await rename('fan-250', 'x')
    await rename(tunnel, 'y')
    await host.must('ip link add fan-250 type bridge'.split(' '))
    expect(await host.fanctl(down)).toMatchObject({
      status: 1,
      complaint: expect.stringContaining('fan-250 is in use by v'),
    })
    await host.fanctlJson([...down, '--force'])
    expect(await bridges()).toEqual(['fan-250'])
    expect(await addresses()).toBe(0)
    expect(await host.must(['ip', 'link'])).not.toContain('group 6709614')
  })
})
