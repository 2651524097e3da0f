/**
 * Ways around the tunnel of a host that go to others of its addresses, over other protocols, or by the kernel's belief in
 * what ICMP says. Whoever steers the host: none of these is for a program to find.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fromTunnelPriority, stamp } from '../../../src/core/steering/stamp.js'
import type { ShowView } from '../../../src/results/show.js'
import { Lab, type LabContainer, type LabHost } from '../lab.js'
import { namespaceName, removeNamespace } from '../namespaces.js'
import { must } from '../shell.js'
import { labTypes } from '../types.js'
import { Ether } from './ether.js'
import { echoesHeard, macOfCard, sendByUser } from './forge.js'
import {
  echo,
  ethertypes,
  everybody,
  frame,
  icmp,
  inFragments,
  ipPacket,
  protocols,
  udp,
  udp6,
  vxlanHeader,
} from './packets.js'

const port = 8472
const vni = 0xfa0000
const madeUp = '02:00:00:00:00:66'
/** Of the host that is attacked: an address that is not of the underlay. */
const otherAddress = '192.168.50.2'
const linkLocal = 'fe800000000000000000000000000066'
const allNodes = { address: 'ff020000000000000000000000000001', mac: '33:33:00:00:00:01' }

const cases = labTypes().flatMap((type) => ['ebpf', 'routes'].map((steering) => ({ type, steering })))

describe.each(cases)('around a $type fan steered by $steering', ({ type, steering }) => {
  let lab: Lab
  const other = namespaceName('other')
  const macs = { attacker: '', gateway: '', otherGateway: '', neighbour: '', victim: '' }
  let sockets: Record<'attacker' | 'other' | 'neighbour' | 'victim', Ether>
  const host = (index: number) => lab.hosts[index] as LabHost
  const container = (index: number) => lab.containers[index] as LabContainer
  const [attacker, neighbour, elsewhere, victim] = [0, 1, 2, 3].map((index) => () => container(index)) as [
    () => LabContainer,
    () => LabContainer,
    () => LabContainer,
    () => LabContainer,
  ]
  const up = (one: LabHost, ...words: string[]) =>
    one.fanctlJson([
      ...['up', '-o', '250.0.0.0/8', '-u', 'eth0/24', '--type', type, '--dhcp', '--steering', steering],
      ...words,
    ])
  const dropsOf = async (one: LabHost) => (await one.fanctlJson<ShowView>(['show'])).fans[0]?.drops
  const macOf = async (place: LabHost, link: string): Promise<string> =>
    JSON.parse(await place.must(['ip', '-j', 'link', 'show', link]))[0].address

  beforeAll(async () => {
    lab = await Lab.build({ hosts: 3, underlay: '10.0.0.0/24' })
    for (const one of lab.hosts) await up(one)
    for (const index of [0, 0, 1, 2]) await lab.addContainer(host(index), 'fan-250')
    await must(['ip', 'netns', 'add', other])
    const onFirst = [
      'ip link add br-other type bridge',
      'ip addr add 172.20.0.1/24 dev br-other',
      'ip link set br-other up',
      `ip link add vother type veth peer name eth0 netns ${other}`,
      'ip link set vother master br-other up',
      `ip route add ${otherAddress}/32 via ${host(2).address}`,
    ]
    for (const line of onFirst) await host(0).must(line.split(' '))
    await must(['ip', '-n', other, 'link', 'set', 'eth0', 'up'])
    for (const line of [
      'ip link add extra type bridge',
      `ip addr add ${otherAddress}/32 dev extra`,
      'ip link set extra up',
    ])
      await host(2).must(line.split(' '))
    // A routed tunnel has the hardware address of its bridge.
    const inside = async (one: LabContainer) =>
      steering === 'routes' ? await macOf(one.host, 'fan-250') : await macOfCard(one)
    macs.attacker = await macOfCard(attacker())
    macs.gateway = await macOf(host(0), 'fan-250')
    macs.otherGateway = await macOf(host(0), 'br-other')
    macs.neighbour = await inside(neighbour())
    macs.victim = await inside(victim())
    sockets = {
      attacker: new Ether(attacker().namespace, 'eth0'),
      other: new Ether(other, 'eth0'),
      neighbour: new Ether(neighbour().namespace, 'eth0'),
      victim: new Ether(victim().namespace, 'eth0'),
    }
    // Whoever sends on has asked for hardware addresses by now.
    for (const one of [neighbour(), victim()]) expect(await one.reaches(elsewhere().address)).toBe(true)
    for (const to of [host(2).address, host(1).address]) expect(await attacker().reaches(to)).toBe(true)
  })
  afterAll(() => {
    for (const socket of Object.values(sockets)) socket.close()
    removeNamespace(other)
    lab.close()
  })

  /** What a tunnel packet carries that says to be a ping of `claim`. */
  function carried(claim: string, target: 'neighbour' | 'victim', mark: Buffer): Buffer {
    const packet = echo({ source: claim, target: (target === 'victim' ? victim() : neighbour()).address }, mark)
    if (type === 'ipip') return packet
    const inner = frame({ to: macs[target], from: madeUp }, ethertypes.ipv4, packet)
    return udp(40_000, port, Buffer.concat([vxlanHeader(vni), inner]))
  }

  const settled = () => new Promise((resolve) => setTimeout(resolve, 300))
  const outerProtocol = type === 'ipip' ? protocols.ipip : protocols.udp
  const outer = (source: string, target: string, payload: Buffer) =>
    ipPacket({ source, target, protocol: outerProtocol }, payload)
  const fromAttacker = (packet: Buffer, to = macs.gateway) =>
    sockets.attacker.send(frame({ to, from: macs.attacker }, ethertypes.ipv4, packet))
  const fromOther = (packet: Buffer, to = macs.otherGateway) =>
    sockets.other.send(frame({ to, from: madeUp }, ethertypes.ipv4, packet))

  /** How many packets with a mark come to a container while something is sent. */
  async function heardBy(target: 'neighbour' | 'victim', act: (mark: Buffer) => unknown): Promise<number> {
    const mark = Buffer.from(`fanctl-${Math.random()}`)
    sockets[target].heard()
    await act(mark)
    // Behind it comes what is let through: a packet on the same way would have been here before.
    await attackerReaches(target)
    return sockets[target].heard().filter((bytes) => bytes.includes(mark) && isPing(bytes)).length
  }
  const attackerReaches = async (target: 'neighbour' | 'victim') =>
    expect(await attacker().reaches((target === 'victim' ? victim() : neighbour()).address)).toBe(true)
  /** And not the tunnel packet itself, which the neighbour of its sender may hear. */
  const isPing = (bytes: Buffer) => bytes[23] === protocols.icmp

  test("no container, by NAT, to another of a far host's addresses", async () => {
    const packet = (mark: Buffer) =>
      outer(attacker().address, otherAddress, carried(neighbour().address, 'victim', mark))
    const before = (await dropsOf(host(2)))?.forged ?? 0
    expect(await heardBy('victim', (mark) => fromAttacker(packet(mark)))).toBe(0)
    expect(((await dropsOf(host(2)))?.forged ?? 0) - before).toBe(1)
  })

  test('no container to its own host, by whichever address', async () => {
    const gateway = attacker().lease['router'] ?? ''
    for (const to of [gateway, host(0).address, '172.20.0.1', '255.255.255.255', '250.255.255.255']) {
      const mac = to.endsWith('.255') ? everybody : macs.gateway
      const packet = (mark: Buffer) => outer(attacker().address, to, carried(elsewhere().address, 'neighbour', mark))
      expect({ to, heard: await heardBy('neighbour', (mark) => fromAttacker(packet(mark), mac)) }).toEqual({
        to,
        heard: 0,
      })
    }
  })

  test('no container to the gateway of a far host, through the tunnel', async () => {
    const gateway = victim().lease['router'] ?? ''
    const packet = (mark: Buffer) => outer(attacker().address, gateway, carried(elsewhere().address, 'victim', mark))
    expect(await heardBy('victim', (mark) => fromAttacker(packet(mark)))).toBe(0)
  })

  test("no container of another bridge, with a host's address, to any address of this host", async () => {
    const gateway = attacker().lease['router'] ?? ''
    for (const to of ['172.20.0.1', gateway, host(0).address, '255.255.255.255']) {
      const mac = to.endsWith('.255') ? everybody : macs.otherGateway
      const packet = (mark: Buffer) => outer(host(1).address, to, carried(elsewhere().address, 'neighbour', mark))
      expect({ to, heard: await heardBy('neighbour', (mark) => fromOther(packet(mark), mac)) }).toEqual({
        to,
        heard: 0,
      })
    }
  })

  test('nor through a link of another kind on that bridge', async () => {
    // A VLAN would do, too; this one every kernel of the lab has. With br_netfilter the bridge would be seen as well.
    await host(0).run(['sysctl', '-qw', 'net.bridge.bridge-nf-call-iptables=0'])
    for (const line of ['ip link add above link br-other type macvlan mode bridge', 'ip link set above up'])
      await host(0).must(line.split(' '))
    await host(0).must('ip addr add 172.21.0.1/24 dev above'.split(' '))
    const mac = await macOf(host(0), 'above')
    for (const to of [host(0).address, '172.21.0.1']) {
      const packet = (mark: Buffer) => outer(host(1).address, to, carried(elsewhere().address, 'neighbour', mark))
      expect({ to, heard: await heardBy('neighbour', (mark) => fromOther(packet(mark), mac)) }).toEqual({
        to,
        heard: 0,
      })
    }
    await host(0).must('ip link del above'.split(' '))
  })

  test('no container without NAT, as a whole or in fragments', async () => {
    await up(host(0), '--no-nat')
    const ends = { source: attacker().address, target: host(2).address, protocol: outerProtocol }
    const content = (mark: Buffer) => carried(elsewhere().address, 'victim', mark)
    expect(await heardBy('victim', (mark) => fromAttacker(ipPacket(ends, content(mark))))).toBe(0)
    const sendParts = (mark: Buffer) => {
      for (const part of inFragments(ends, content(mark), 8)) fromAttacker(part)
    }
    expect(await heardBy('victim', sendParts)).toBe(0)
    await up(host(0))
  })

  test.runIf(type === 'vxlan').each(['224.0.0.1', '255.255.255.255'])(
    'no user of a host, who may do nothing, to %s',
    async (to) => {
      const send = (mark: Buffer) => sendByUser(host(0), { source: host(0).address, to, port, bytes: datagram(mark) })
      const datagram = (mark: Buffer) => carried(neighbour().address, 'victim', mark).subarray(8)
      expect(await heardBy('victim', send)).toBe(0)
    },
  )

  test.runIf(type === 'vxlan')('nobody over IPv6', async () => {
    const packet = (mark: Buffer) => udp6(linkLocal, allNodes.address, carried(elsewhere().address, 'neighbour', mark))
    const send = (mark: Buffer) =>
      sockets.other.send(frame({ to: allNodes.mac, from: madeUp }, ethertypes.ipv6, packet(mark)))
    expect(await heardBy('neighbour', send)).toBe(0)
    const byUser = (mark: Buffer) =>
      sendByUser(host(0), { to: 'ff02::1%eth0', port, bytes: carried(neighbour().address, 'victim', mark).subarray(8) })
    expect(await heardBy('victim', byUser)).toBe(0)
  })

  test.runIf(type === 'vxlan' && steering === 'ebpf')('no container shouts at all those of a far host', async () => {
    for (const target of [`250.13.0.200`, '250.13.255.255']) {
      const offer = (mark: Buffer) =>
        ipPacket({ source: attacker().address, target, protocol: protocols.udp }, udp(67, 68, mark))
      const mark = Buffer.from('fanctl-offer')
      sockets.victim.heard()
      fromAttacker(offer(mark), everybody)
      await attackerReaches('victim')
      expect(sockets.victim.heard().filter((bytes) => bytes.includes(mark))).toEqual([])
    }
  })

  test.runIf(type === 'vxlan' && steering === 'ebpf')(
    'no container stamps what it sends as what the tunnel let in',
    async () => {
      const gateway = attacker().lease['router'] ?? ''
      const forged = echo({ source: '250.13.0.99', target: gateway }, Buffer.from('stamped'))
      const heard = async () => {
        const before = await echoesHeard(host(0))
        fromAttacker(forged)
        await settled()
        return (await echoesHeard(host(0))) - before
      }
      sockets.attacker.setPriority(stamp)
      expect(await heard()).toBe(0)
      // It is the stamp that decides: the host itself can put it on what comes from that container.
      const onPort = `type filter hook ingress device "v${attacker().name}" priority 0;`
      const table = `table netdev stamping { chain in { ${onPort}\nmeta priority set ${fromTunnelPriority}\n}\n}`
      await host(0).must(['nft', '-f', '-'], { input: `${table}\n` })
      expect(await heard()).toBe(1)
      await host(0).must(['nft', 'delete', 'table', 'netdev', 'stamping'])
      sockets.attacker.setPriority(0)
    },
  )

  /** ICMP that says how large a packet to a host may be, about one that `from` has sent to `to`. */
  function tooLarge(from: string, to: string, ports: readonly [number, number] = [40_000, port]): Buffer {
    const content =
      type === 'ipip' ? Buffer.alloc(40) : udp(...ports, Buffer.concat([vxlanHeader(vni), Buffer.alloc(40)]))
    return icmp(3, 4, [0, 0, 2, 64], outer(from, to, content))
  }
  const believed = async (one: LabHost, to: LabHost) =>
    (await one.must(['ip', 'route', 'get', to.address])).match(/mtu (\d+)/)?.[1] ?? 'nothing'

  test('no container says how large a packet between hosts may be', async () => {
    const ends = (source: string, target: string) => ({ source, target, protocol: protocols.icmp })
    const [own, far] = [attacker().lease['router'] ?? '', victim().lease['router'] ?? '']
    const about = tooLarge(host(0).address, host(2).address)
    for (const to of [host(0).address, own]) fromAttacker(ipPacket(ends(attacker().address, to), about))
    for (const part of inFragments(ends(attacker().address, host(0).address), about, 24)) fromAttacker(part)
    for (const to of [host(0).address, '172.20.0.1']) fromOther(ipPacket(ends('172.20.0.2', to), about))
    const aboutOthers = tooLarge(host(2).address, host(1).address)
    for (const to of [host(2).address, far]) fromAttacker(ipPacket(ends(attacker().address, to), aboutOthers))
    await settled()
    expect(await believed(host(0), host(2))).toBe('nothing')
    expect(await believed(host(2), host(1))).toBe('nothing')
  })

  test('nor about a connection of its own, which NAT makes one of its host', async () => {
    // The answers of the far host come from any port; the first packet has made the entry.
    fromAttacker(
      ipPacket(
        { source: attacker().address, target: host(2).address, protocol: protocols.udp },
        udp(port, 40_000, Buffer.from('begin')),
      ),
    )
    const quote = ipPacket(
      { source: host(2).address, target: attacker().address, protocol: protocols.udp },
      udp(40_000, port, Buffer.concat([vxlanHeader(vni), Buffer.alloc(40)])),
    )
    const ends = { source: attacker().address, target: host(2).address, protocol: protocols.icmp }
    fromAttacker(ipPacket(ends, icmp(3, 4, [0, 0, 2, 64], quote)))
    await settled()
    expect(await believed(host(2), host(0))).toBe('nothing')
  })

  test('and what the underlay says is believed', async () => {
    const stranger = namespaceName('stranger')
    await must(['ip', 'netns', 'add', stranger])
    try {
      await lab.connect(stranger, '10.0.0.99/24')
      const router = new Ether(stranger, 'eth0')
      const ends = { source: '10.0.0.99', target: host(0).address, protocol: protocols.icmp }
      const packet = ipPacket(ends, tooLarge(host(0).address, host(1).address))
      router.send(frame({ to: await macOfCard(host(0)), from: madeUp }, ethertypes.ipv4, packet))
      router.close()
      await settled()
      expect(await believed(host(0), host(1))).toBe('576')
      await host(0).must(['ip', 'route', 'flush', 'cache'])
    } finally {
      removeNamespace(stranger)
    }
  })

  test('and everybody reaches everybody', async () => {
    const unreached = (await lab.matrix()).filter((pair) => !pair.reached)
    expect(unreached.map(({ from, to }) => `${from.name} -> ${to.name}`)).toEqual([])
  })
})
