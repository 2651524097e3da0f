import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Fan, fanSliceOf } from '../../../src/core/fan.js'
import { ownerOf } from '../../../src/core/fan-map.js'
import { contains, type Ipv4 } from '../../../src/core/ipv4.js'
import { assemble } from '../../../src/core/steering/assembler.js'
import { guardProgram, ingressProgram } from '../../../src/core/steering/programs.js'
import { anyAddress, anyAddressOf, anyFan } from '../arbitraries.js'
import { address, type FanText, fan } from '../support.js'
import { carrierOf } from './carriers.js'
import { newKernel, run } from './interpreter.js'
import type { Packet, TunnelKey } from './machine.js'
import { arpPacket, ethertypes, fateOf, ipv4Packet, received } from './packets.js'

const receive = (one: Fan, packet: Packet, kernel = newKernel) =>
  fateOf(run(assemble(ingressProgram(one, carrierOf(one))), packet, kernel))

/** From the outer source a packet with an inner source and destination. */
function arriving(
  one: Fan,
  outer: string,
  source: string,
  destination: string,
  changes: Partial<TunnelKey> = {},
): Packet {
  return received(one, address(outer), ipv4Packet(one.encapsulation, address(source), address(destination)), changes)
}

describe('a packet from the owner of its source is let in', () => {
  test.each<[FanText, string, string, string]>([
    [{}, '10.0.7.8', '250.7.8.9', '250.3.4.9'],
    [{ type: 'vxlan' }, '10.0.7.8', '250.7.8.9', '250.3.4.9'],
    [{ underlay: '192.168.3.4/16' }, '192.168.255.254', '250.255.254.9', '250.3.4.9'],
    [{ overlay: '240.0.0.0/4', underlay: '200.1.2.3/8' }, '200.255.255.254', '255.255.255.224', '240.16.32.49'],
    [{ overlay: '100.64.0.0/10', underlay: '10.224.220.10/24' }, '10.224.220.11', '100.66.200.5', '100.66.128.9'],
  ])('%j: from %s, %s to %s', (text, outer, source, destination) => {
    expect(receive(fan(text), arriving(fan(text), outer, source, destination))).toBe('accept delivered')
  })

  test('on kernels that do not know the outer destination, too', () => {
    const packet = arriving(fan(), '10.0.7.8', '250.7.8.9', '250.3.4.9')
    expect(receive(fan(), packet, { ...newKernel, keySizes: [28] })).toBe('accept delivered')
  })
})

describe.each(['ipip', 'vxlan'] as const)('on an %s link a packet is dropped', (type) => {
  const one = fan({ type })

  test.each([
    ['whose source belongs to another host', '10.0.7.8', '250.7.9.9', '250.3.4.9', 'drop spoofed'],
    ['whose source is one of ours', '10.0.7.8', '250.3.4.9', '250.3.4.10', 'drop spoofed'],
    ['whose source is not in the overlay', '10.0.7.8', '192.168.7.9', '250.3.4.9', 'drop spoofed'],
    ['whose source is in a network next to the overlay', '10.0.7.8', '251.7.8.9', '250.3.4.9', 'drop spoofed'],
    ['whose outer source is outside the underlay', '11.0.7.8', '250.7.8.9', '250.3.4.9', 'drop spoofed'],
    ['that is for another host', '10.0.7.8', '250.7.8.9', '250.3.5.9', 'drop misdirected'],
    ['that is for its sender', '10.0.7.8', '250.7.8.9', '250.7.8.10', 'drop misdirected'],
  ])('%s', (_, outer, source, destination, fate) => {
    expect(receive(one, arriving(one, outer, source, destination))).toBe(fate)
  })

  test.each(['10.0.3.5', '192.168.50.2', '172.20.0.1', '255.255.255.255', '224.0.0.1'])(
    'that was sent to %s and not to the address of its host',
    (to) => {
      const packet = arriving(one, '10.0.7.8', '250.7.8.9', '250.3.4.9', { local: address(to) })
      expect(receive(one, packet)).toBe('drop misdirected')
    },
  )

  test('that did not come through a tunnel', () => {
    const { tunnelKey: _, ...bare } = arriving(one, '10.0.7.8', '250.7.8.9', '250.3.4.9')
    expect(receive(one, bare)).toBe('drop offMap')
  })

  test('that is IPv6, or too short for its addresses', () => {
    const whole = arriving(one, '10.0.7.8', '250.7.8.9', '250.3.4.9')
    expect(receive(one, { ...whole, protocol: ethertypes.ipv6 })).toBe('drop offMap')
    expect(receive(one, { ...whole, bytes: whole.bytes.subarray(0, whole.bytes.length - 1) })).toBe('drop offMap')
  })
})

test('a frame with a VLAN tag does not come out of a vxlan link', () => {
  const one = fan({ type: 'vxlan' })
  const whole = arriving(one, '10.0.7.8', '250.7.8.9', '250.3.4.9')
  expect(receive(one, { ...whole, tagged: true })).toBe('drop offMap')
})

test('a destination outside the overlay is for another fan of a shared link, and for nobody on a vxlan link', () => {
  expect(receive(fan(), arriving(fan(), '10.0.7.8', '250.7.8.9', '251.3.4.9'))).toBe('next')
  const vxlan = fan({ type: 'vxlan' })
  expect(receive(vxlan, arriving(vxlan, '10.0.7.8', '250.7.8.9', '251.3.4.9'))).toBe('drop offMap')
})

test('what no fan of a shared link has claimed, the guard drops', () => {
  expect(fateOf(run(assemble(guardProgram()), arriving(fan(), '10.0.7.8', '192.168.7.9', '192.168.3.9')))).toBe(
    'drop offMap',
  )
})

describe('on a vxlan link', () => {
  const one = fan({ type: 'vxlan' })

  test.each([
    ['broadcast', 1, 'drop offMap'],
    ['multicast', 2, 'drop offMap'],
    ['of another link', 3, 'accept delivered'],
  ])('a packet for one address in a frame that is %s', (_, packetType, fate) => {
    const packet = arriving(one, '10.0.7.8', '250.7.8.9', '250.3.4.9')
    expect(receive(one, { ...packet, packetType })).toBe(fate)
    const request = received(one, address('10.0.7.8'), arpPacket(address('250.7.8.9'), address('250.3.4.9')))
    expect(receive(one, { ...request, packetType })).toBe('accept delivered')
  })

  test.each([16_384_001, 0, 0xffffff])('a packet with the VNI %d of another fan is dropped', (id) => {
    expect(receive(one, arriving(one, '10.0.7.8', '250.7.8.9', '250.3.4.9', { id }))).toBe('drop offMap')
  })

  test.each([
    ['250.7.8.9', '250.3.4.9', 'accept delivered'],
    ['250.7.9.9', '250.3.4.9', 'drop spoofed'],
    ['0.0.0.0', '250.3.4.9', 'drop spoofed'],
    ['250.7.8.9', '250.3.5.9', 'drop misdirected'],
  ])('ARP from %s about %s: %s', (sender, target, fate) => {
    expect(receive(one, received(one, address('10.0.7.8'), arpPacket(address(sender), address(target))))).toBe(fate)
  })
})

test('only what comes from the owner of its source to its destination gets in, on machines of either byte order', () => {
  const anyArrival = anyFan.chain((one) =>
    fc.record({
      one: fc.constant(one),
      source: fc.oneof({ weight: 4, arbitrary: anyAddressOf(one.overlay) }, anyAddress),
      destination: fc.oneof(
        { weight: 4, arbitrary: anyAddressOf(fanSliceOf(one)) },
        { weight: 2, arbitrary: anyAddressOf(one.overlay) },
        anyAddress,
      ),
      liar: fc.option(fc.oneof(anyAddressOf(one.underlay), anyAddress), { freq: 2 }),
      asArp: fc.boolean(),
      littleEndian: fc.boolean(),
    }),
  )
  const seen = new Set<string>()
  fc.assert(
    fc.property(anyArrival, ({ one, source, destination, liar, asArp, littleEndian }) => {
      const owner = contains(one.overlay, source) ? ownerOf(one, source) : undefined
      const outer = liar ?? owner ?? one.underlay.address
      const isArp = asArp && one.encapsulation === 'vxlan'
      const inner = isArp ? arpPacket(source, destination) : ipv4Packet(one.encapsulation, source, destination)
      const fate = receive(one, received(one, outer, inner), { ...newKernel, littleEndian })
      seen.add(fate)
      expect(fate).toBe(expectedFate(one, { owner, outer, destination }))
    }),
    { numRuns: 500 },
  )
  expect([...seen].sort()).toEqual(['accept delivered', 'drop misdirected', 'drop offMap', 'drop spoofed', 'next'])
})

interface Arrival {
  /** Whose the inner source is, by the map. */
  readonly owner: Ipv4 | undefined
  readonly outer: Ipv4
  readonly destination: Ipv4
}

function expectedFate(one: Fan, { owner, outer, destination }: Arrival): string {
  if (!contains(one.overlay, destination)) return one.encapsulation === 'ipip' ? 'next' : 'drop offMap'
  if (owner !== outer) return 'drop spoofed'
  return ownerOf(one, destination) === one.host ? 'accept delivered' : 'drop misdirected'
}
