/** Packets as they are inside a tunnel: ipip carries IPv4, vxlan carries Ethernet. */
import type { Fan } from '../../../src/core/fan.js'
import { counters } from '../../../src/core/steering/counters.js'
import type { TypeName } from '../../../src/core/types/types.js'
import { vniOf } from '../../../src/core/types/vxlan/options.js'
import type { Outcome } from './interpreter.js'
import type { Packet, TunnelKey } from './machine.js'

export const ethertypes = { ipv4: 0x0800, arp: 0x0806, ipv6: 0x86dd } as const

const verdicts: Readonly<Record<number, string>> = { 0: 'accept', 2: 'drop', [-1]: 'next' }

/** An IPv4 header (RFC 791) from one overlay address to another. */
export function ipv4Packet(type: TypeName, source: number, destination: number): Packet {
  const header = new DataView(new ArrayBuffer(20))
  header.setUint8(0, 0x45)
  header.setUint32(12, source)
  header.setUint32(16, destination)
  return { protocol: ethertypes.ipv4, bytes: framed(type, new Uint8Array(header.buffer)) }
}

/** An ARP request or reply (RFC 826): who has `target`, says `sender`. */
export function arpPacket(sender: number, target: number): Packet {
  const body = new DataView(new ArrayBuffer(28))
  body.setUint32(14, sender)
  body.setUint32(24, target)
  return { protocol: ethertypes.arp, bytes: framed('vxlan', new Uint8Array(body.buffer)) }
}

function framed(type: TypeName, content: Uint8Array): Uint8Array {
  const ethernet = new Uint8Array(type === 'vxlan' ? 14 : 0).fill(0xee)
  return Uint8Array.from([...ethernet, ...content])
}

/** The packet as it comes out of the tunnel of a fan, sent by an underlay host. */
export function received(fan: Fan, from: number, packet: Packet, changes: Partial<TunnelKey> = {}): Packet {
  const id = fan.encapsulation === 'vxlan' ? vniOf(fan) : 0
  return { ...packet, tunnelKey: { id, remote: from, local: fan.host, ttl: 64, flags: 0, ...changes } }
}

/** What became of a packet in words: `accept sent`, `drop offMap`, `next`. */
export function fateOf({ verdict, counts }: Outcome): string {
  const counted = counters.filter((_, index) => counts[index] === 1)
  return [verdicts[verdict] ?? `verdict ${verdict}`, ...counted].join(' ')
}
