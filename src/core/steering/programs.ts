/**
 * The steering programs: where a packet that leaves through a tunnel goes, and whether one that arrives may come in.
 *
 * Both work on the offset of an inner address within its overlay, `address XOR overlay`: its upper bits are zero
 * exactly when the address is inside, and what is left of it after shifting out the container's bits is the host part.
 *
 *     250.7.8.9 XOR 250.0.0.0 = 0.7.8.9     >> 24 is 0: inside      >> 8 is 0.0.7.8, OR 10.0.0.0 is 10.0.7.8
 *
 * All constants are folded in, so a fan's program depends on its map, its host and its type only. Packet bytes are read
 * with bpf_skb_load_bytes: the verifier of kernels that demand aligned access refuses direct reads.
 */
import { type Fan, vniOf } from '../fan.js'
import { hostBitsOf, sliceLengthOf } from '../fan-map.js'
import { sizeOf } from '../ipv4.js'
import type { Line, Register } from './assembler.js'
import { type Counter, counterIndex } from './counters.js'

/** What a direct-action program returns (include/uapi/linux/pkt_cls.h). `next`: ask the next filter. */
const verdicts = { accept: 0, drop: 2, next: -1 } as const

/** EtherTypes (IEEE 802). */
const ethertypes = { ipv4: 0x0800, arp: 0x0806 } as const

/** Offset of `protocol` in struct __sk_buff: the EtherType, in network byte order. */
const skbProtocol = 16

/** The stack below r10: struct bpf_tunnel_key at -48, one address at -52, a counter's index at -56. */
const stack = { key: -48, address: -52, index: -56 } as const

/** struct bpf_tunnel_key: offsets, and its size since Linux 6.0 and before `local` was added. */
const tunnelKey = { id: 0, remote: 4, ttl: 21, local: 28, size: 44, olderSize: 28 } as const

/** Plain vxlan over IPv4 sends no UDP checksum (RFC 7348, section 5); a tunnel key asks for one unless told not to. */
const zeroChecksum = 2

/** Where inner addresses begin, in bytes from the start of the packet: vxlan carries an Ethernet header of 14. */
const addresses = {
  ipip: { ipv4: { source: 12, destination: 16 } },
  vxlan: { ipv4: { source: 26, destination: 30 }, arp: { source: 28, destination: 38 } },
} as const

/** Sends each packet to the host that owns its inner destination. */
export function egressProgram(fan: Fan): readonly Line[] {
  return [
    { op: 'mov', to: 'r6', value: 'r1' },
    ...addressOffset(fan, 'destination', 'r7'),
    ...loadAddress('r7'),
    ...offsetInOverlay(fan, 'r7', 'outside'),
    ...hostPart(fan, 'r7'),
    ...refuseUnusable(fan, 'r7'),
    { op: 'wor', to: 'r7', value: fan.underlay.address },
    { op: 'if', register: 'r7', is: 'eq', value: fan.host, label: 'off-map' },
    ...setTunnelKey(fan, 'r7'),
    ...finish('sent', 'accept'),
    { op: 'label', label: 'outside' },
    ...(isShared(fan) ? leave('next') : []),
    { op: 'label', label: 'off-map' },
    ...finish('offMap', 'drop'),
    ...countAndExit(),
  ]
}

/** Lets in what comes from the owner of its inner source and is for this host. */
export function ingressProgram(fan: Fan): readonly Line[] {
  return [
    { op: 'mov', to: 'r6', value: 'r1' },
    ...addressOffset(fan, 'destination', 'r7'),
    ...loadAddress('r7'),
    ...offsetInOverlay(fan, 'r7', 'outside'),
    ...hostPart(fan, 'r7'),
    { op: 'wor', to: 'r7', value: fan.underlay.address },
    ...addressOffset(fan, 'source', 'r8'),
    ...loadAddress('r8'),
    ...offsetInOverlay(fan, 'r8', 'spoofed'),
    ...hostPart(fan, 'r8'),
    { op: 'wor', to: 'r8', value: fan.underlay.address },
    ...compareTunnelKey(fan, 'r8'),
    { op: 'if', register: 'r7', is: 'ne', value: fan.host, label: 'misdirected' },
    ...finish('delivered', 'accept'),
    { op: 'label', label: 'spoofed' },
    ...finish('spoofed', 'drop'),
    { op: 'label', label: 'misdirected' },
    ...finish('misdirected', 'drop'),
    { op: 'label', label: 'outside' },
    ...(isShared(fan) ? leave('next') : []),
    { op: 'label', label: 'off-map' },
    ...finish('offMap', 'drop'),
    ...countAndExit(),
  ]
}

/** Drops what no fan on a shared tunnel has claimed. Without it such packets would be let in unchecked. */
export function guardProgram(): readonly Line[] {
  return [...finish('offMap', 'drop'), ...countAndExit()]
}

/** All ipip fans of a host share one link, so a packet that is not this fan's may be another's. */
function isShared(fan: Fan): boolean {
  return fan.encapsulation === 'ipip'
}

/** Where the packet has its inner address, by its protocol. Anything but IPv4 (vxlan: and ARP) is off the map. */
function addressOffset(fan: Fan, side: 'source' | 'destination', to: Register): Line[] {
  const done = `${side}-known`
  const protocol: Line[] = [
    { op: 'load32', to: 'r2', from: 'r6', offset: skbProtocol },
    { op: 'be16', to: 'r2' },
  ]
  if (fan.encapsulation === 'ipip')
    return [
      ...protocol,
      { op: 'if', register: 'r2', is: 'ne', value: ethertypes.ipv4, label: 'off-map' },
      { op: 'mov', to, value: addresses.ipip.ipv4[side] },
    ]
  return [
    ...protocol,
    { op: 'mov', to, value: addresses.vxlan.ipv4[side] },
    { op: 'if', register: 'r2', is: 'eq', value: ethertypes.ipv4, label: done },
    { op: 'if', register: 'r2', is: 'ne', value: ethertypes.arp, label: 'off-map' },
    { op: 'mov', to, value: addresses.vxlan.arp[side] },
    { op: 'label', label: done },
  ]
}

/** Replaces the offset in a register by the address at that offset, in host byte order. */
function loadAddress(register: Register): Line[] {
  return [
    { op: 'mov', to: 'r1', value: 'r6' },
    { op: 'mov', to: 'r2', value: register },
    { op: 'mov', to: 'r3', value: 'r10' },
    { op: 'add', to: 'r3', value: stack.address },
    { op: 'mov', to: 'r4', value: 4 },
    { op: 'call', helper: 'bpf_skb_load_bytes' },
    { op: 'if', register: 'r0', is: 'ne', value: 0, label: 'off-map' },
    { op: 'load32', to: register, from: 'r10', offset: stack.address },
    { op: 'be32', to: register },
  ]
}

/** Replaces an address by its offset in the overlay; goes to `outside` when it is not in it. */
function offsetInOverlay(fan: Fan, register: Register, outside: string): Line[] {
  return [
    { op: 'wxor', to: register, value: fan.overlay.address },
    { op: 'wmov', to: 'r2', value: register },
    { op: 'wshr', to: 'r2', value: 32 - fan.overlay.length },
    { op: 'if', register: 'r2', is: 'ne', value: 0, label: outside },
  ]
}

/** Replaces an offset in the overlay by the host part of its owner. */
function hostPart(fan: Fan, register: Register): Line[] {
  return [{ op: 'wshr', to: register, value: 32 - sliceLengthOf(fan) }]
}

/** No machine has the underlay's network or broadcast address; a packet to the latter would reach every host. */
function refuseUnusable(fan: Fan, register: Register): Line[] {
  if (hostBitsOf(fan) < 2) return []
  return [
    { op: 'if', register, is: 'eq', value: 0, label: 'off-map' },
    { op: 'if', register, is: 'eq', value: sizeOf(fan.underlay.length) - 1, label: 'off-map' },
  ]
}

/** Tells the tunnel where to send the packet, and from which address: a host may have several. */
function setTunnelKey(fan: Fan, remote: Register): Line[] {
  const attempt = (size: number): Line[] => [
    { op: 'mov', to: 'r1', value: 'r6' },
    { op: 'mov', to: 'r2', value: 'r10' },
    { op: 'add', to: 'r2', value: stack.key },
    { op: 'mov', to: 'r3', value: size },
    { op: 'mov', to: 'r4', value: fan.encapsulation === 'vxlan' ? zeroChecksum : 0 },
    { op: 'call', helper: 'bpf_skb_set_tunnel_key' },
  ]
  return [
    ...[0, 8, 16, 24, 32, 40].map((offset): Line => store('store64', offset, 0)),
    ...(fan.encapsulation === 'vxlan' ? [store('store32', tunnelKey.id, vniOf(fan))] : []),
    store('store32', tunnelKey.remote, remote),
    store('store8', tunnelKey.ttl, 64),
    store('store32', tunnelKey.local, fan.host),
    ...attempt(tunnelKey.size),
    { op: 'if', register: 'r0', is: 'eq', value: 0, label: 'key-set' },
    // Kernels before 6.0 know the key without `local`; there routing chooses the outer source.
    ...attempt(tunnelKey.olderSize),
    { op: 'if', register: 'r0', is: 'ne', value: 0, label: 'off-map' },
    { op: 'label', label: 'key-set' },
  ]
}

function store(op: 'store8' | 'store32' | 'store64', offset: number, value: Register | number): Line {
  return { op, to: 'r10', offset: stack.key + offset, value }
}

/** Goes on only if the packet came through a tunnel, with the right VNI, from the host in `owner`. */
function compareTunnelKey(fan: Fan, owner: Register): Line[] {
  return [
    { op: 'mov', to: 'r1', value: 'r6' },
    { op: 'mov', to: 'r2', value: 'r10' },
    { op: 'add', to: 'r2', value: stack.key },
    { op: 'mov', to: 'r3', value: tunnelKey.olderSize },
    { op: 'mov', to: 'r4', value: 0 },
    { op: 'call', helper: 'bpf_skb_get_tunnel_key' },
    { op: 'if', register: 'r0', is: 'ne', value: 0, label: 'off-map' },
    ...(fan.encapsulation === 'vxlan' ? compareVni(fan) : []),
    { op: 'load32', to: 'r2', from: 'r10', offset: stack.key + tunnelKey.remote },
    { op: 'if', register: owner, is: 'ne', value: 'r2', label: 'spoofed' },
  ]
}

function compareVni(fan: Fan): Line[] {
  return [
    { op: 'load32', to: 'r2', from: 'r10', offset: stack.key + tunnelKey.id },
    { op: 'if', register: 'r2', is: 'ne', value: vniOf(fan), label: 'off-map' },
  ]
}

/** Notes what to count and what to return, and goes to the end. */
function finish(counter: Counter, verdict: keyof typeof verdicts): Line[] {
  return [
    { op: 'mov', to: 'r8', value: counterIndex(counter) },
    { op: 'mov', to: 'r9', value: verdicts[verdict] },
    { op: 'goto', label: 'count' },
  ]
}

function leave(verdict: keyof typeof verdicts): Line[] {
  return [{ op: 'mov', to: 'r0', value: verdicts[verdict] }, { op: 'exit' }]
}

/** The counters are per CPU, so adding one needs no atomic operation. */
function countAndExit(): Line[] {
  return [
    { op: 'label', label: 'count' },
    { op: 'store32', to: 'r10', offset: stack.index, value: 'r8' },
    { op: 'counters', to: 'r1' },
    { op: 'mov', to: 'r2', value: 'r10' },
    { op: 'add', to: 'r2', value: stack.index },
    { op: 'call', helper: 'bpf_map_lookup_elem' },
    { op: 'if-null', register: 'r0', label: 'end' },
    { op: 'load64', to: 'r1', from: 'r0', offset: 0 },
    { op: 'add', to: 'r1', value: 1 },
    { op: 'store64', to: 'r0', offset: 0, value: 'r1' },
    { op: 'label', label: 'end' },
    { op: 'mov', to: 'r0', value: 'r9' },
    { op: 'exit' },
  ]
}
