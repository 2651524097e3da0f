/** Packets of any make, byte by byte: what no program of a container would send. */
import { bytesOf, checksum } from './forge.js'

/** EtherTypes (IEEE 802). */
export const ethertypes = { ipv4: 0x0800, arp: 0x0806, ipv6: 0x86dd, vlan: 0x8100, serviceVlan: 0x88a8 } as const
/** IP protocols (RFC 790). */
export const protocols = { icmp: 1, ipip: 4, tcp: 6, udp: 17, icmpv6: 58 } as const
export const everybody = 'ff:ff:ff:ff:ff:ff'

export function macBytes(mac: string): Buffer {
  return Buffer.from(mac.replaceAll(':', ''), 'hex')
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

interface Ends {
  readonly to: string
  readonly from: string
}

/** An Ethernet frame. Tags go between the addresses and the type, the outer one first. */
export function frame({ to, from }: Ends, type: number, payload: Buffer, tags: readonly Buffer[] = []): Buffer {
  return Buffer.concat([macBytes(to), macBytes(from), ...tags, word(type), payload])
}

/** A VLAN tag (IEEE 802.1Q): its type, and priority and number together. */
export function tag(type: number, control: number): Buffer {
  return Buffer.concat([word(type), word(control)])
}

/** A frame with a length in place of a type, and an LLC header (IEEE 802.2). */
export function llcFrame(ends: Ends, llc: readonly number[], payload: Buffer): Buffer {
  return frame(ends, llc.length + payload.length, Buffer.concat([Buffer.from(llc), payload]))
}

export interface Ip {
  readonly source: string
  readonly target: string
  readonly protocol: number
  /** A multiple of four bytes. */
  readonly options?: Buffer
  /** In bytes, and whether others follow. */
  readonly fragment?: { readonly offset: number; readonly more: boolean }
}

/** An IPv4 packet. */
export function ipPacket(ip: Ip, payload: Buffer): Buffer {
  const { options = Buffer.alloc(0), fragment = { offset: 0, more: false } } = ip
  const header = Buffer.alloc(20)
  header.writeUInt8(0x45 + options.length / 4, 0)
  header.writeUInt16BE(20 + options.length + payload.length, 2)
  header.writeUInt16BE(0x6661, 4)
  header.writeUInt16BE(fragment.offset / 8 + (fragment.more ? 0x2000 : 0), 6)
  header.set([64, ip.protocol], 8)
  header.set([...bytesOf(ip.source), ...bytesOf(ip.target)], 12)
  const whole = Buffer.concat([header, options])
  whole.writeUInt16BE(checksum(whole), 10)
  return Buffer.concat([whole, payload])
}

/** The same packet in two fragments, the first with so many bytes of its payload: a multiple of eight. */
export function inFragments(ip: Ip, payload: Buffer, first: number): Buffer[] {
  return [
    ipPacket({ ...ip, fragment: { offset: 0, more: true } }, payload.subarray(0, first)),
    ipPacket({ ...ip, fragment: { offset: first, more: false } }, payload.subarray(first)),
  ]
}

/** A UDP datagram without a checksum. */
export function udp(from: number, to: number, payload: Buffer): Buffer {
  return Buffer.concat([word(from), word(to), word(8 + payload.length), word(0), payload])
}

/** An ICMP message; `rest` is the second half of its header (RFC 792). */
export function icmp(type: number, code: number, rest: readonly number[], payload: Buffer): Buffer {
  const message = Buffer.concat([Buffer.from([type, code, 0, 0, ...rest]), payload])
  message.writeUInt16BE(checksum(message), 2)
  return message
}

/** An echo request with that content. */
export function echo(ip: Omit<Ip, 'protocol'>, content: Buffer): Buffer {
  return ipPacket({ ...ip, protocol: protocols.icmp }, icmp(8, 0, [0x66, 0x66, 0, 1], content))
}

interface ArpSides {
  readonly operation: 'request' | 'reply'
  readonly sender: { readonly mac: string; readonly address: string }
  readonly target: { readonly mac: string; readonly address: string }
}

/** An ARP message (RFC 826), padded. */
export function arp({ operation, sender, target }: ArpSides, padding: Buffer): Buffer {
  const sides = [sender, target].map(({ mac, address }) =>
    Buffer.concat([macBytes(mac), Buffer.from(bytesOf(address))]),
  )
  return Buffer.concat([Buffer.from([0, 1, 8, 0, 6, 4, 0, operation === 'request' ? 1 : 2]), ...sides, padding])
}

/** An IPv6 packet whose payload has its checksum there. Addresses are 16 bytes in hexadecimal. */
function ip6Packet(source: string, target: string, protocol: number, payload: Buffer, checksumAt: number): Buffer {
  const summed = withChecksum(Buffer.from(source + target, 'hex'), protocol, payload, checksumAt)
  const header = Buffer.concat([Buffer.from([0x60, 0, 0, 0]), word(payload.length), Buffer.from([protocol, 255])])
  return Buffer.concat([header, Buffer.from(source + target, 'hex'), summed])
}

/** A checksum that takes the addresses in (RFC 9293, section 3.1; RFC 8200, section 8.1). */
function withChecksum(addresses: Buffer, protocol: number, payload: Buffer, at: number): Buffer {
  const whole = Buffer.from(payload)
  const pseudo = Buffer.concat([addresses, word(0), word(payload.length), word(0), word(protocol)])
  whole.writeUInt16BE(checksum(Buffer.concat([pseudo, whole])), at)
  return whole
}

/** An ICMPv6 message in its packet. */
export function icmp6(source: string, target: string, body: Buffer): Buffer {
  return ip6Packet(source, target, protocols.icmpv6, body, 2)
}

/** A UDP datagram over IPv6, which has to have a checksum. */
export function udp6(source: string, target: string, datagram: Buffer): Buffer {
  return ip6Packet(source, target, protocols.udp, datagram, 6)
}

/** The packet that opens a TCP connection. */
export function tcpSyn(ends: Omit<Ip, 'protocol'>, from: number, to: number): Buffer {
  const segment = Buffer.concat([word(from), word(to), Buffer.from('00000001000000005002ffff00000000', 'hex')])
  const addresses = Buffer.from([...bytesOf(ends.source), ...bytesOf(ends.target)])
  return ipPacket({ ...ends, protocol: protocols.tcp }, withChecksum(addresses, protocols.tcp, segment, 16))
}

/** What a vxlan tunnel adds in front of a frame (RFC 7348, section 5). */
export function vxlanHeader(vni: number): Buffer {
  return Buffer.from([0x08, 0, 0, 0, Math.floor(vni / 65_536), Math.floor(vni / 256) % 256, vni % 256, 0])
}
