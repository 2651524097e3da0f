/**
 * Only the tunnel of a host speaks for its containers. A container, an unprivileged user of the host and a container of
 * another bridge make tunnel packets up, with the host's address by NAT or by lying: none may come to another container.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ShowView } from '../../../src/results/show.js'
import { Lab, type LabContainer, type LabHost } from '../lab.js'
import { namespaceName, removeNamespace } from '../namespaces.js'
import { must } from '../shell.js'
import { labTypes } from '../types.js'
import { echoesHeard, further, macOfCard, type Place, send, sendIpip, vxlanPing, type Who } from './forge.js'

const port = 8472
const vni = 0xfa0000

/** Each steering of the host whose containers attack. Those that are attacked check what comes in. */
const cases = labTypes().flatMap((type) => ['ebpf', 'routes'].map((steering) => ({ type, steering })))

describe.each(cases)('out of a $type fan steered by $steering', ({ type, steering }) => {
  let lab: Lab
  let mac: string
  /** On another bridge of the first host, which some other program masquerades. */
  const other: Place & { readonly name: string; readonly address: string } = {
    name: namespaceName('other'),
    address: '172.20.0.2',
    run: (words, options) => lab.hosts[0]?.run(['ip', 'netns', 'exec', other.name, ...words], options) as never,
  }
  const host = (index: number) => lab.hosts[index] as LabHost
  const container = (index: number) => lab.containers[index] as LabContainer
  const [attacker, neighbour, elsewhere, victim] = [0, 1, 2, 3].map((index) => () => container(index)) as [
    () => LabContainer,
    () => LabContainer,
    () => LabContainer,
    () => LabContainer,
  ]
  const up = (one: LabHost, how: string) =>
    one.fanctlJson(['up', '-o', '250.0.0.0/8', '-u', 'eth0/24', '--type', type, '--dhcp', '--steering', how])
  const dropsOf = async (one: LabHost) => (await one.fanctlJson<ShowView>(['show'])).fans[0]?.drops

  beforeAll(async () => {
    lab = await Lab.build({ hosts: 3, underlay: '10.0.0.0/24' })
    for (const [index, how] of [steering, 'ebpf', 'ebpf'].entries()) await up(host(index), how)
    for (const index of [0, 0, 1, 2]) await lab.addContainer(host(index), 'fan-250')
    mac = await macOfCard(victim())
    await addOther()
    expect(await attacker().reaches(victim().address)).toBe(true)
    expect(await elsewhere().reaches(victim().address)).toBe(true)
  })
  afterAll(() => {
    removeNamespace(other.name)
    lab.close()
  })

  async function addOther(): Promise<void> {
    await must(['ip', 'netns', 'add', other.name])
    const first = host(0)
    const lines = [
      'ip link add br-other type bridge',
      'ip addr add 172.20.0.1/24 dev br-other',
      'ip link set br-other up',
      `ip link add vother type veth peer name eth0 netns ${other.name}`,
      'ip link set vother master br-other up',
      'nft add table ip other',
      'nft add chain ip other post { type nat hook postrouting priority 100 ; }',
      'nft add rule ip other post ip saddr 172.20.0.0/24 oifname != "br-other" masquerade',
    ]
    for (const line of lines) await first.must(line.split(' '))
    for (const words of ['link set lo up', 'link set eth0 up', `addr add ${other.address}/24 dev eth0`])
      await must(['ip', '-n', other.name, ...words.split(' ')])
    await must(['ip', '-n', other.name, 'route', 'add', 'default', 'via', '172.20.0.1'])
  }

  /** How many pings the victim hears while somebody sends them in a tunnel packet of their own making. */
  async function heardFrom(
    place: Place,
    who: Who,
    { claim, to, source }: { claim: string; to: string; source?: string },
    target: LabContainer = victim(),
  ): Promise<number> {
    const before = await echoesHeard(target)
    const inner = { source: claim, target: target.address, mac: await macOfCard(target) }
    if (type === 'ipip') await sendIpip(place, { source: source ?? 'any', to }, inner)
    else {
      const datagram = { to, port, bytes: vxlanPing(vni, inner), ...(source && { source }) }
      await send(place, who, [datagram, datagram, datagram])
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
    return (await echoesHeard(target)) - before
  }

  test('the attack itself works where nothing stands in its way', async () => {
    // A stranger who has the address of a host on the underlay: nothing but encryption helps against that.
    const name = namespaceName('stranger')
    await must(['ip', 'netns', 'add', name])
    try {
      await lab.connect(name, '10.0.0.99/24')
      await must(['ip', '-n', name, 'link', 'set', 'lo', 'up'])
      const place: Place = { run: (words, options) => host(0).run(['ip', 'netns', 'exec', name, ...words], options) }
      const own = '250.99.0.5'
      expect(await heardFrom(place, 'root', { claim: own, to: host(2).address, source: '10.0.0.99' })).toBe(3)
    } finally {
      removeNamespace(name)
    }
  })

  test("not with another host's address, by a container", async () => {
    const source = host(1).address
    await attacker().must(['ip', 'addr', 'add', `${source}/32`, 'dev', 'lo'])
    try {
      expect(await heardFrom(attacker(), 'root', { claim: elsewhere().address, to: host(2).address, source })).toBe(0)
    } finally {
      await attacker().must(['ip', 'addr', 'del', `${source}/32`, 'dev', 'lo'])
    }
    expect((await dropsOf(host(0)))?.martian).toBeGreaterThanOrEqual(3)
  })

  test("not with the host's address by NAT, by a container that may do nothing", async () => {
    const before = (await dropsOf(host(0)))?.forged ?? 0
    for (const claim of [neighbour().address, neighbour().lease['router'] ?? ''])
      expect(await heardFrom(attacker(), 'nobody', { claim, to: host(2).address })).toBe(0)
    expect(((await dropsOf(host(0)))?.forged ?? 0) - before).toBeGreaterThanOrEqual(6)
  })

  test('not to its own host', async () => {
    const source = host(1).address
    await attacker().must(['ip', 'addr', 'add', `${source}/32`, 'dev', 'lo'])
    try {
      for (const to of [host(0).address, neighbour().lease['router'] ?? ''])
        expect(await heardFrom(attacker(), 'root', { claim: elsewhere().address, to, source }, neighbour())).toBe(0)
    } finally {
      await attacker().must(['ip', 'addr', 'del', `${source}/32`, 'dev', 'lo'])
    }
  })

  test('not from another bridge, with its own address or a made-up one', async () => {
    const claim = neighbour().address
    expect(await heardFrom(other, 'nobody', { claim, to: host(2).address })).toBe(0)
    const source = host(1).address
    await must(['ip', '-n', other.name, 'addr', 'add', `${source}/32`, 'dev', 'lo'])
    const lie = { claim: elsewhere().address, source }
    expect(await heardFrom(other, 'root', { ...lie, to: host(2).address })).toBe(0)
    expect(await heardFrom(other, 'root', { ...lie, to: host(0).address }, neighbour())).toBe(0)
    await must(['ip', '-n', other.name, 'addr', 'del', `${source}/32`, 'dev', 'lo'])
  })

  test.runIf(type === 'vxlan')('not by a user of the host, who may do nothing', async () => {
    const claim = neighbour().address
    expect(await heardFrom(host(0), 'nobody', { claim, to: host(2).address })).toBe(0)
    const source = host(0).address
    for (const to of ['127.0.0.1', host(0).address, neighbour().lease['router'] ?? ''])
      expect(await heardFrom(host(0), 'nobody', { claim: attacker().address, to, source }, neighbour())).toBe(0)
  })

  test.runIf(type === 'vxlan')('not for another fan, by its VNI', async () => {
    const second = ['up', '-o', '251.0.0.0/8', '-u', 'eth0/24', '--type', 'vxlan', '--dhcp']
    await host(0).fanctlJson(second)
    await host(2).fanctlJson(second)
    const target = await lab.addContainer(host(2), 'fan-251')
    const before = await echoesHeard(target)
    const inner = { source: '251.11.0.9', target: target.address, mac: await macOfCard(target) }
    const bytes = vxlanPing(0xfb0000, inner)
    await send(attacker(), 'nobody', [{ to: host(2).address, port, bytes }])
    await send(host(0), 'nobody', [{ to: host(2).address, port, bytes }])
    expect(await echoesHeard(target)).toBe(before)
    lab.removeContainer(target)
  })

  test.each(['10.0.0.12', '9.9.9.9', '250.13.0.77'])(
    'no container sends the underlay a packet with the source %s',
    async (source) => {
      await attacker().must(['ip', 'addr', 'add', `${source}/32`, 'dev', 'lo'])
      try {
        const heard = await Promise.all([host(1), host(2)].map(echoesHeard))
        const pings = [host(1), host(2)].map(({ address }) =>
          attacker().run(['busybox', 'ping', '-c', '1', '-W', '1', '-I', source, address]),
        )
        await Promise.all(pings)
        expect(await Promise.all([host(1), host(2)].map(echoesHeard))).toEqual(heard)
      } finally {
        await attacker().must(['ip', 'addr', 'del', `${source}/32`, 'dev', 'lo'])
      }
    },
  )

  test("a container's connections do not claim what hosts send each other", async () => {
    // The outer source ports of the host that sends are few, so that all of them can be claimed.
    await host(1).must(['sysctl', '-qw', 'net.ipv4.ip_local_port_range=40000 40007'])
    const ports = Array.from({ length: 8 }, (_, index) => 40_000 + index)
    const byte = { to: host(1).address, bytes: Buffer.from([0]) }
    if (type === 'vxlan')
      await send(
        attacker(),
        'nobody',
        ports.map((one) => ({ ...byte, port: one, sourcePort: port })),
      )
    else
      await sendIpip(
        attacker(),
        { source: 'any', to: host(1).address },
        { source: further(attacker().address, 1), target: '10.9.9.9', mac },
      )
    for (let count = 0; count < 8; count += 1) expect(await elsewhere().reaches(neighbour().address)).toBe(true)
  })

  test('and everybody reaches everybody, the hosts too', async () => {
    const unreached = (await lab.matrix()).filter((pair) => !pair.reached)
    expect(unreached.map(({ from, to }) => `${from.name} -> ${to.name}`)).toEqual([])
    for (const from of lab.hosts)
      for (const { address } of lab.containers) {
        const { status } = await from.run(['busybox', 'ping', '-c', '1', '-W', '3', address])
        expect({ from: from.name, address, status }).toEqual({ from: from.name, address, status: 0 })
      }
  })
})
