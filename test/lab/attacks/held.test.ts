/**
 * Frames that a fan has never let through, and must not: what containers and machines on the underlay put on the wire
 * byte by byte. Behind each goes an honest packet on the same way: when that has come, so would have what was before it.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ShowView } from '../../../src/results/show.js'
import { Lab, type LabContainer, type LabHost } from '../lab.js'
import { namespaceName, removeNamespace } from '../namespaces.js'
import { must } from '../shell.js'
import { labTypes } from '../types.js'
import { Ether } from './ether.js'
import { dhcpMessage, macOfCard } from './forge.js'
import {
  arp,
  echo,
  ethertypes,
  everybody,
  frame,
  icmp6,
  inFragments,
  ipPacket,
  llcFrame,
  protocols,
  tag,
  tcpSyn,
  udp,
  udp6,
  vxlanHeader,
} from './packets.js'

const port = 8472
const vni = 0xfa0000
const madeUp = '02:00:00:00:00:66'
/** Milliseconds in which a server has answered. */
const patience = 500
const strangerAddress = '10.0.0.99'
const linkLocal = 'fe800000000000000000000000000066'
const allNodes = 'ff020000000000000000000000000001'
const allNodesMac = '33:33:00:00:00:01'

let marks = 0
/** Something to know a packet by. */
function newMark(): Buffer {
  marks += 1
  return Buffer.from(`fanctl-held-${String(marks).padStart(4, '0')}`)
}

describe.each(labTypes())('a %s fan', (type) => {
  let lab: Lab
  const macs = { attacker: '', victim: '', gateway: '', cardOfTarget: '' }
  const ears: Record<'attacker' | 'neighbour' | 'victim' | 'bridge' | 'stranger', Ether> = {} as never
  const strangerName = namespaceName('stranger')
  const host = (index: number) => lab.hosts[index] as LabHost
  const container = (index: number) => lab.containers[index] as LabContainer
  const attacker = () => container(0)
  const victim = () => container(2)
  const countersOf = async (one: LabHost) => {
    const counters = (await one.fanctlJson<ShowView>(['show'])).fans[0]?.counters
    if (!counters) throw new Error('no counters')
    return counters
  }

  beforeAll(async () => {
    lab = await Lab.build({ hosts: 2 })
    for (const [index, count] of [2, 1].entries()) {
      await host(index).fanctlJson(['up', '-o', '250.0.0.0/8', '-u', 'eth0/16', '--type', type, '--dhcp'])
      for (let number = 0; number < count; number += 1) await lab.addContainer(host(index), 'fan-250')
    }
    await must(['ip', 'netns', 'add', strangerName])
    await lab.connect(strangerName, `${strangerAddress}/16`)
    const macOfBridge = async (one: LabHost) =>
      JSON.parse(await one.must(['ip', '-j', 'link', 'show', 'fan-250']))[0].address
    macs.attacker = await macOfCard(attacker())
    macs.victim = await macOfCard(victim())
    macs.gateway = await macOfBridge(host(0))
    macs.cardOfTarget = await macOfCard(host(1))
    ears.attacker = new Ether(attacker().namespace, 'eth0')
    ears.neighbour = new Ether(container(1).namespace, 'eth0')
    ears.victim = new Ether(victim().namespace, 'eth0')
    ears.bridge = new Ether(host(1).namespace, 'fan-250')
    ears.stranger = new Ether(strangerName, 'eth0')
    expect(await attacker().reaches(victim().address)).toBe(true)
    // Whoever forwards has asked for the hardware addresses by now, and a packet in front of another stays there.
    await arrives('attacker', honestFromContainer)
    await arrives('stranger', honestFromStranger)
  })
  afterAll(() => {
    for (const ear of Object.values(ears)) ear.close()
    removeNamespace(strangerName)
    lab.close()
  })

  /** A ping of the attacker to the victim. */
  function honestFromContainer(mark: Buffer): Buffer {
    const packet = echo({ source: attacker().address, target: victim().address }, mark)
    return frame({ to: type === 'vxlan' ? macs.victim : macs.gateway, from: macs.attacker }, ethertypes.ipv4, packet)
  }

  /** What the tunnel of the stranger's own host would send: it owns 250.0.99.0/24. */
  function honestFromStranger(mark: Buffer): Buffer {
    return outer(tunnelled(inner({ source: '250.0.99.5' }, mark)))
  }

  /** A ping to the victim, as it is in a tunnel packet. */
  function inner({ source, options }: { source: string; options?: Buffer }, mark: Buffer): Buffer {
    return inTunnel(echo({ source, target: victim().address, ...(options && { options }) }, mark))
  }

  /** A packet as this type's tunnel carries it. */
  function inTunnel(packet: Buffer): Buffer {
    return type === 'ipip' ? packet : frame({ to: macs.victim, from: madeUp }, ethertypes.ipv4, packet)
  }

  function tunnelled(carried: Buffer, { to = port, id = vni } = {}): Buffer {
    return type === 'ipip' ? carried : udp(40_000, to, Buffer.concat([vxlanHeader(id), carried]))
  }

  const outerProtocol = type === 'ipip' ? protocols.ipip : protocols.udp
  const outerEnds = () => ({ source: strangerAddress, target: host(1).address, protocol: outerProtocol })

  /** A tunnel packet of the stranger's for the second host, on the wire. */
  function outer(payload: Buffer, differently: { source?: string; options?: Buffer } = {}): Buffer {
    return onTheWire(ipPacket({ ...outerEnds(), ...differently }, payload))
  }

  function onTheWire(packet: Buffer): Buffer {
    return frame({ to: macs.cardOfTarget, from: madeUp }, ethertypes.ipv4, packet)
  }

  type Sender = 'attacker' | 'stranger'

  /** Sends frames with a mark in each, and an honest one behind them. Gives who has heard the mark, and how often. */
  async function hear(sender: Sender, make: (mark: Buffer) => Buffer | readonly Buffer[]) {
    const [mark, last] = [newMark(), newMark()]
    for (const ear of Object.values(ears)) ear.heard()
    for (const one of [make(mark)].flat()) ears[sender].send(one as Buffer)
    ears[sender].send(sender === 'attacker' ? honestFromContainer(last) : honestFromStranger(last))
    const heard: Buffer[] = []
    for (let wait = 0; wait < 500 && !heard.some((bytes) => bytes.includes(last)); wait += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10))
      heard.push(...ears.victim.heard())
    }
    expect(heard.some((bytes) => bytes.includes(last))).toBe(true)
    // Copies for several links do not keep the order of what came before them.
    await new Promise((resolve) => setTimeout(resolve, 50))
    heard.push(...ears.victim.heard())
    const count = (frames: readonly Buffer[]) => frames.filter((bytes) => bytes.includes(mark)).length
    return { neighbour: count(ears.neighbour.heard()), victim: count(heard), bridge: count(ears.bridge.heard()) }
  }

  async function arrives(sender: Sender, make: (mark: Buffer) => Buffer | readonly Buffer[]): Promise<void> {
    expect((await hear(sender, make)).victim).toBeGreaterThan(0)
  }

  const ping = (mark: Buffer) => echo({ source: attacker().address, target: victim().address }, mark)
  const fromAttacker = (to: string) => ({ to, from: macs.attacker })
  const datagram = (target: string, mark: Buffer, [from, to] = [9999, 9999]) =>
    ipPacket({ source: attacker().address, target, protocol: protocols.udp }, udp(from, to, mark))
  const offer = (mark: Buffer) =>
    Buffer.concat([dhcpMessage({ type: 2, mac: macs.victim, server: attacker().address }), mark])
  const vlan = tag(ethertypes.vlan, 5)
  const tags = {
    'a VLAN tag': [vlan],
    'two VLAN tags': [tag(ethertypes.serviceVlan, 6), vlan],
    'a priority tag': [tag(ethertypes.vlan, 0xe000)],
  }

  /** To all links, so that the neighbour hears them. */
  const shouts: readonly [string, (mark: Buffer) => Buffer][] = [
    ...Object.entries(tags).map(([what, list]): [string, (mark: Buffer) => Buffer] => [
      `an IPv4 packet with ${what}`,
      (mark) => frame(fromAttacker(everybody), ethertypes.ipv4, ping(mark), list),
    ]),
    [
      'an IPv6 router advertisement',
      (mark) =>
        frame(
          fromAttacker(allNodesMac),
          ethertypes.ipv6,
          icmp6(linkLocal, allNodes, Buffer.concat([Buffer.from('86000000401800000000000000000000', 'hex'), mark])),
        ),
    ],
    [
      'an IPv6 neighbour solicitation',
      (mark) =>
        frame(
          fromAttacker(allNodesMac),
          ethertypes.ipv6,
          icmp6(linkLocal, allNodes, Buffer.concat([Buffer.from(`8700000000000000${linkLocal}`, 'hex'), mark])),
        ),
    ],
    [
      'an IPv6 ping',
      (mark) =>
        frame(
          fromAttacker(allNodesMac),
          ethertypes.ipv6,
          icmp6(linkLocal, allNodes, Buffer.concat([Buffer.from('8000000066660001', 'hex'), mark])),
        ),
    ],
    [
      'a BPDU of a spanning tree',
      (mark) => llcFrame(fromAttacker('01:80:c2:00:00:00'), [0x42, 0x42, 3], Buffer.concat([Buffer.alloc(35), mark])),
    ],
    [
      'an IPv4 packet behind an LLC header',
      (mark) => llcFrame(fromAttacker(everybody), [0xaa, 0xaa, 3, 0, 0, 0, 8, 0], ping(mark)),
    ],
    [
      'an IPv4 multicast',
      (mark) => frame(fromAttacker('01:00:5e:00:00:fb'), ethertypes.ipv4, datagram('224.0.0.251', mark)),
    ],
    ['a broadcast', (mark) => frame(fromAttacker(everybody), ethertypes.ipv4, datagram('255.255.255.255', mark))],
    [
      'a broadcast to the overlay',
      (mark) => frame(fromAttacker(everybody), ethertypes.ipv4, datagram('250.255.255.255', mark)),
    ],
    [
      'a broadcast to its own slice',
      (mark) => frame(fromAttacker(everybody), ethertypes.ipv4, datagram('250.0.11.255', mark)),
    ],
    [
      'a DHCP offer',
      (mark) => frame(fromAttacker(everybody), ethertypes.ipv4, datagram('255.255.255.255', offer(mark), [67, 68])),
    ],
  ]

  test.each(shouts)('keeps %s on the bridge', async (_, make) => {
    expect(await hear('attacker', make)).toEqual({ neighbour: 1, victim: 0, bridge: 0 })
  })

  test.each(Object.entries(tags))('keeps a packet with %s from the one that it is for', async (_, list) => {
    const make = (mark: Buffer) => frame(fromAttacker(macs.victim), ethertypes.ipv4, ping(mark), list)
    expect(await hear('attacker', make)).toMatchObject({ victim: 0, bridge: 0 })
  })

  test('lets no container speak in ARP for an address of another host, and counts it there', async () => {
    const claims = [victim().address, victim().lease['router'] ?? '', '250.0.13.9']
    const messages = claims.flatMap((address) =>
      (['request', 'reply'] as const).flatMap((operation) =>
        // A gratuitous one, which is about itself, and one for the victim.
        [address, victim().address].map((target) => (mark: Buffer) => {
          const sides = { sender: { mac: macs.attacker, address }, target: { mac: macs.victim, address: target } }
          return frame(fromAttacker(everybody), ethertypes.arp, arp({ operation, ...sides }, mark))
        }),
      ),
    )
    const before = (await countersOf(host(1))).spoofed
    for (const make of messages) expect(await hear('attacker', make)).toEqual({ neighbour: 1, victim: 0, bridge: 0 })
    // One about an address of a third host goes there.
    const expected = type === 'vxlan' ? messages.length - 2 : 0
    expect((await countersOf(host(1))).spoofed - before).toBe(expected)
  })

  test('takes a tunnel packet of another host, and in fragments, too', async () => {
    const recordRoute = Buffer.from([7, 11, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    await arrives('stranger', (mark) => outer(tunnelled(inner({ source: '250.0.99.5' }, mark))))
    await arrives('stranger', (mark) =>
      outer(tunnelled(inner({ source: '250.0.99.5' }, mark)), { options: recordRoute }),
    )
    await arrives('stranger', (mark) =>
      inFragments(
        outerEnds(),
        tunnelled(inner({ source: '250.0.99.5' }, Buffer.concat([Buffer.alloc(100), mark]))),
        64,
      ).map(onTheWire),
    )
  })

  const forgeries: Record<string, (mark: Buffer) => Buffer | readonly Buffer[]> = {
    'with an inner source of another slice': (mark) => outer(tunnelled(inner({ source: attacker().address }, mark))),
    'with the outer source of the host that it is for': (mark) =>
      outer(tunnelled(inner({ source: '250.0.12.99' }, mark)), { source: host(1).address }),
    'with a recorded route': (mark) =>
      outer(
        tunnelled(
          inner({ source: attacker().address, options: Buffer.from([7, 11, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0]) }, mark),
        ),
        { options: Buffer.from([7, 11, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0]) },
      ),
    'with a source route through that host': (mark) => {
      // Loose, over the host: the outer destination is the host, the next hop the victim.
      const [a, b, c, d] = victim().address.split('.').map(Number) as [number, number, number, number]
      return outer(echo({ source: '250.0.99.5', target: victim().address }, mark), {
        options: Buffer.from([131, 7, 4, a, b, c, d, 0]),
      })
    },
    'in fragments, the first of eight bytes': (mark) =>
      inFragments(outerEnds(), tunnelled(inner({ source: attacker().address }, mark)), 8).map(onTheWire),
    'in fragments': (mark) =>
      inFragments(
        outerEnds(),
        tunnelled(inner({ source: attacker().address }, Buffer.concat([Buffer.alloc(100), mark]))),
        64,
      ).map(onTheWire),
    'with the fragments of a packet': (mark) =>
      inFragments(
        { source: attacker().address, target: victim().address, protocol: protocols.udp },
        udp(9999, 9999, Buffer.concat([mark, mark, mark])),
        16,
      ).map((part) => outer(tunnelled(inTunnel(part)))),
    ...(type === 'vxlan' && {
      'with another VNI': (mark: Buffer) => outer(tunnelled(inner({ source: '250.0.99.5' }, mark), { id: vni + 1 })),
      'to another port': (mark: Buffer) => outer(tunnelled(inner({ source: '250.0.99.5' }, mark), { to: 4789 })),
      'with a VLAN tag': (mark: Buffer) =>
        outer(
          tunnelled(
            frame(
              { to: macs.victim, from: madeUp },
              ethertypes.ipv4,
              echo({ source: '250.0.99.5', target: victim().address }, mark),
              [vlan],
            ),
          ),
        ),
      'with an IPv6 packet': (mark: Buffer) =>
        outer(
          tunnelled(
            frame(
              { to: allNodesMac, from: madeUp },
              ethertypes.ipv6,
              icmp6(linkLocal, allNodes, Buffer.concat([Buffer.from('8000000066660001', 'hex'), mark])),
            ),
          ),
        ),
    }),
  }

  test.each(Object.entries(forgeries))('takes no tunnel packet %s', async (_, make) => {
    expect(await hear('stranger', make)).toEqual({ neighbour: 0, victim: 0, bridge: 0 })
  })

  test.runIf(type === 'vxlan')('takes no tunnel packet over IPv6', async () => {
    const payload = (mark: Buffer) => tunnelled(inner({ source: '250.0.99.5' }, mark))
    const make = (mark: Buffer) =>
      frame({ to: allNodesMac, from: madeUp }, ethertypes.ipv6, udp6(linkLocal, allNodes, payload(mark)))
    expect(await hear('stranger', make)).toEqual({ neighbour: 0, victim: 0, bridge: 0 })
  })

  /** Questions to the DHCP and DNS server of the second host, and how an answer in an IPv4 packet begins. */
  const asker = 5353
  const name = Buffer.from('666601000001000000000000037765620000010001', 'hex')
  const questions: Record<string, (ends: { source: string; target: string }) => Buffer> = {
    'DNS over UDP': (ends) => ipPacket({ ...ends, protocol: protocols.udp }, udp(asker, 53, name)),
    'DNS over TCP': (ends) => tcpSyn(ends, asker, 53),
    DHCP: (ends) =>
      ipPacket({ ...ends, protocol: protocols.udp }, udp(68, 67, dhcpMessage({ type: 1, mac: macs.victim }))),
  }
  const isAnswer = (bytes: Buffer) => {
    const [protocol, from, flags] = [bytes[23], bytes.readUInt16BE(34), bytes[47] ?? 0]
    if (bytes.readUInt16BE(12) !== ethertypes.ipv4) return false
    return protocol === protocols.udp ? from === 53 || from === 67 : protocol === protocols.tcp && flags === 0x12
  }

  test.each(Object.entries(questions))('answers %s to its own containers, and not to the underlay', async (_, ask) => {
    const gateway = victim().lease['router'] ?? ''
    const toGateway = JSON.parse(await host(1).must(['ip', '-j', 'link', 'show', 'fan-250']))[0].address
    const answersFor = async (ear: Ether, to: string, ends: { source: string; target: string }) => {
      ear.heard()
      ear.send(frame({ to, from: ear === ears.victim ? macs.victim : madeUp }, ethertypes.ipv4, ask(ends)))
      await new Promise((resolve) => setTimeout(resolve, patience))
      return ear.heard().filter(isAnswer).length
    }
    expect(await answersFor(ears.victim, toGateway, { source: victim().address, target: gateway })).toBe(1)
    for (const target of [host(1).address, gateway, '255.255.255.255'])
      expect(await answersFor(ears.stranger, macs.cardOfTarget, { source: strangerAddress, target })).toBe(0)
  })
})
