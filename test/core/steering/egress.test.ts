import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Fan, fanSliceOf } from '../../../src/core/fan.js'
import { ownerOf, unusableRoleOf } from '../../../src/core/fan-map.js'
import { contains } from '../../../src/core/ipv4.js'
import { assemble } from '../../../src/core/steering/assembler.js'
import { egressProgram } from '../../../src/core/steering/programs.js'
import { vniOf } from '../../../src/core/types/vxlan/options.js'
import { anyAddress, anyAddressOf, anyFan } from '../arbitraries.js'
import { address, type FanText, fan } from '../support.js'
import { carrierOf } from './carriers.js'
import { newKernel, run } from './interpreter.js'
import type { Packet } from './machine.js'
import { arpPacket, ethertypes, fateOf, ipv4Packet } from './packets.js'

const send = (one: Fan, packet: Packet, kernel = newKernel) =>
  run(assemble(egressProgram(one, carrierOf(one))), packet, kernel)

/** BPF_F_ZERO_CSUM_TX */
const zeroChecksum = 2

describe('a packet for a container of another host is sent there', () => {
  test.each<[FanText, string, string]>([
    [{}, '250.7.8.9', '10.0.7.8'],
    [{}, '250.3.5.1', '10.0.3.5'],
    [{ type: 'vxlan' }, '250.7.8.9', '10.0.7.8'],
    // Above 127.255.255.255 a sign that fills 64 bits would spoil a comparison.
    [{ underlay: '192.168.3.4/16' }, '250.255.254.9', '192.168.255.254'],
    [{ type: 'vxlan', underlay: '172.31.3.4/20' }, '250.128.0.9', '172.31.8.0'],
    [{ overlay: '240.0.0.0/4', underlay: '200.1.2.3/8' }, '255.255.255.224', '200.255.255.254'],
    [{ overlay: '99.0.0.0/8', underlay: '10.99.238.5/20' }, '99.16.1.1', '10.99.225.0'],
    [{ overlay: '100.64.0.0/10', underlay: '10.224.220.10/24' }, '100.66.200.5', '10.224.220.11'],
    [{ overlay: '128.0.0.0/2', underlay: '10.0.3.4/30' }, '144.0.0.1', '10.0.3.5'],
  ])('%j: %s goes to %s', (text, destination, owner) => {
    const one = fan(text)
    const packet = ipv4Packet(one.encapsulation, fanSliceOf(one).address + 2, address(destination))
    const outcome = send(one, packet)
    expect(fateOf(outcome)).toBe('accept sent')
    expect(outcome.tunnelKey).toEqual({
      id: one.encapsulation === 'vxlan' ? vniOf(one) : 0,
      remote: address(owner),
      local: one.host,
      ttl: 64,
      flags: one.encapsulation === 'vxlan' ? zeroChecksum : 0,
    })
  })

  test('with the VNI that was asked for', () => {
    const one = fan({ type: 'vxlan', vni: 0xffffff })
    expect(send(one, ipv4Packet('vxlan', 0, address('250.7.8.9'))).tunnelKey?.id).toBe(0xffffff)
  })

  test('by kernels before 6.0, which choose the outer source themselves', () => {
    const old = { ...newKernel, keySizes: [28] }
    const outcome = send(fan(), ipv4Packet('ipip', 0, address('250.7.8.9')), old)
    expect(fateOf(outcome)).toBe('accept sent')
    expect(outcome.tunnelKey).toMatchObject({ remote: address('10.0.7.8'), local: 0, ttl: 64 })
  })

  test('and dropped where the kernel takes no tunnel key', () => {
    const outcome = send(fan(), ipv4Packet('ipip', 0, address('250.7.8.9')), { ...newKernel, keySizes: [] })
    expect(fateOf(outcome)).toBe('drop offMap')
  })
})

describe('a packet is not sent', () => {
  const [ipip, vxlan] = [fan(), fan({ type: 'vxlan' })]
  const ipv6 = { protocol: ethertypes.ipv6, bytes: new Uint8Array(60) }
  const short = (packet: Packet, length: number) => ({ ...packet, bytes: packet.bytes.subarray(0, length) })

  test.each<[string, Fan, Packet, string]>([
    ["in this host's own slice (ipip)", ipip, ipv4Packet('ipip', 0, address('250.3.4.9')), 'drop offMap'],
    ["in this host's own slice (vxlan)", vxlan, ipv4Packet('vxlan', 0, address('250.3.4.9')), 'drop offMap'],
    [
      "in the slice of the underlay's network address",
      ipip,
      ipv4Packet('ipip', 0, address('250.0.0.9')),
      'drop offMap',
    ],
    [
      "in the slice of the underlay's broadcast address",
      ipip,
      ipv4Packet('ipip', 0, address('250.255.255.9')),
      'drop offMap',
    ],
    [
      'that is the broadcast address of a vxlan fan',
      vxlan,
      ipv4Packet('vxlan', 0, address('250.255.255.255')),
      'drop offMap',
    ],
    ['outside the overlay: another ipip fan may have it', ipip, ipv4Packet('ipip', 0, address('251.7.8.9')), 'next'],
    [
      'outside the overlay: nobody else has it on a vxlan link',
      vxlan,
      ipv4Packet('vxlan', 0, address('251.7.8.9')),
      'drop offMap',
    ],
    ['of a multicast group', vxlan, ipv4Packet('vxlan', 0, address('224.0.0.251')), 'drop offMap'],
    ['with a VLAN tag', vxlan, { ...ipv4Packet('vxlan', 0, address('250.7.8.9')), tagged: true }, 'drop offMap'],
    ['of IPv6 (ipip)', ipip, ipv6, 'drop offMap'],
    ['of IPv6 (vxlan)', vxlan, ipv6, 'drop offMap'],
    ['of ARP on an ipip link, which has none', ipip, arpPacket(0, address('250.7.8.9')), 'drop offMap'],
    ['cut off before it (ipip)', ipip, short(ipv4Packet('ipip', 0, address('250.7.8.9')), 19), 'drop offMap'],
    ['cut off before it (vxlan)', vxlan, short(ipv4Packet('vxlan', 0, address('250.7.8.9')), 33), 'drop offMap'],
  ])('to a destination %s', (_, one, packet, fate) => {
    const outcome = send(one, packet)
    expect(fateOf(outcome)).toBe(fate)
    expect(outcome.tunnelKey).toBeUndefined()
  })
})

describe('an ARP request on a vxlan link', () => {
  test.each([
    ['250.7.8.9', 'accept sent'],
    ['250.3.4.9', 'drop offMap'],
    ['10.0.3.4', 'drop offMap'],
  ])('for %s: %s', (target, fate) => {
    const outcome = send(fan({ type: 'vxlan' }), arpPacket(address('250.3.4.9'), address(target)))
    expect(fateOf(outcome)).toBe(fate)
  })

  test('goes to the owner of the address that is asked for and to nobody else', () => {
    const { tunnelKey } = send(fan({ type: 'vxlan' }), arpPacket(address('250.3.4.9'), address('250.7.8.9')))
    expect(tunnelKey).toMatchObject({ id: 16_384_000, remote: address('10.0.7.8') })
  })
})

test('every packet goes to the owner of its destination, on machines of either byte order', () => {
  const anySending = anyFan.chain((one) =>
    fc.tuple(
      fc.constant(one),
      anyAddress,
      fc.oneof({ weight: 4, arbitrary: anyAddressOf(one.overlay) }, anyAddress),
      fc.boolean(),
      fc.boolean(),
    ),
  )
  fc.assert(
    fc.property(anySending, ([one, source, destination, asArp, littleEndian]) => {
      const isArp = asArp && one.encapsulation === 'vxlan'
      const packet = isArp ? arpPacket(source, destination) : ipv4Packet(one.encapsulation, source, destination)
      const outcome = send(one, packet, { ...newKernel, littleEndian })
      const inside = contains(one.overlay, destination)
      const owner = inside ? ownerOf(one, destination) : undefined
      if (owner === undefined) expect(fateOf(outcome)).toBe(one.encapsulation === 'ipip' ? 'next' : 'drop offMap')
      else if (owner === one.host || unusableRoleOf(one, owner)) expect(fateOf(outcome)).toBe('drop offMap')
      else {
        expect(fateOf(outcome)).toBe('accept sent')
        expect(outcome.tunnelKey).toMatchObject({ remote: owner, local: one.host, ttl: 64 })
      }
    }),
    { numRuns: 500 },
  )
})
