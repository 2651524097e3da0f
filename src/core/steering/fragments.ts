/** The pieces that steering programs are put together from. Registers: r6 holds the packet, r7 and r8 an address each. */
import { type FanMap, type HostMap, hostBitsOf, sliceLengthOf } from '../fan-map.js'
import { sizeOf } from '../ipv4.js'
import type { Line, Register } from './assembler.js'
import type { Carrier } from './carrier.js'
import { type Counter, counterIndex } from './counters.js'
import { stamp } from './stamp.js'

/** What a direct-action program returns (include/uapi/linux/pkt_cls.h). `next`: ask the next filter. */
const verdicts = { accept: 0, drop: 2, next: -1 } as const

/** EtherTypes (IEEE 802). */
const ethertypes = { ipv4: 0x0800, arp: 0x0806 } as const

/**
 * struct __sk_buff: for whom a frame is, the EtherType, in network byte order, whether the kernel has taken a VLAN tag off,
 * and the priority.
 */
const skb = { packetType: 4, protocol: 16, vlanPresent: 20, priority: 32 } as const

/** PACKET_BROADCAST and PACKET_MULTICAST (include/uapi/linux/if_packet.h). */
const forMany = [1, 2] as const

/** The stack below r10: struct bpf_tunnel_key at -48, one address at -52, a counter's index at -56. */
const stack = { key: -48, address: -52, index: -56 } as const

/** struct bpf_tunnel_key: offsets, and its size since Linux 6.0 and before `local` was added. */
const tunnelKey = { id: 0, remote: 4, ttl: 21, local: 28, size: 44, olderSize: 28 } as const

/** A tag would go into the tunnel and come out again, past the map: a fan carries untagged frames only. */
export function refuseTagged({ arp }: Carrier): Line[] {
  if (!arp) return []
  return [
    { op: 'load32', to: 'r2', from: 'r6', offset: skb.vlanPresent },
    { op: 'if', register: 'r2', is: 'ne', value: 0, label: 'off-map' },
  ]
}

/** Where the packet has its inner address, by its protocol. Anything but IPv4 (in frames: and ARP) is off the map. */
export function addressOffset({ ipv4, arp }: Carrier, side: 'source' | 'destination', to: Register): Line[] {
  const done = `${side}-known`
  const protocol: Line[] = [
    { op: 'load32', to: 'r2', from: 'r6', offset: skb.protocol },
    { op: 'be16', to: 'r2' },
  ]
  if (!arp)
    return [
      ...protocol,
      { op: 'if', register: 'r2', is: 'ne', value: ethertypes.ipv4, label: 'off-map' },
      { op: 'mov', to, value: ipv4[side] },
    ]
  return [
    ...protocol,
    { op: 'mov', to, value: ipv4[side] },
    { op: 'if', register: 'r2', is: 'eq', value: ethertypes.ipv4, label: done },
    { op: 'if', register: 'r2', is: 'ne', value: ethertypes.arp, label: 'off-map' },
    { op: 'mov', to, value: arp[side] },
    { op: 'label', label: done },
  ]
}

/** A frame for all can be ARP. With a packet in it, it would come to every container of the bridge behind the tunnel. */
export function refuseShouted({ arp }: Carrier): Line[] {
  if (!arp) return []
  return [
    { op: 'load32', to: 'r2', from: 'r6', offset: skb.protocol },
    { op: 'be16', to: 'r2' },
    { op: 'if', register: 'r2', is: 'eq', value: ethertypes.arp, label: 'not-shouted' },
    { op: 'load32', to: 'r2', from: 'r6', offset: skb.packetType },
    ...forMany.map((value): Line => ({ op: 'if', register: 'r2', is: 'eq', value, label: 'off-map' })),
    { op: 'label', label: 'not-shouted' },
  ]
}

/** Replaces the offset in a register by the address at that offset, in host byte order. */
export function loadAddress(register: Register): Line[] {
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
export function offsetInOverlay({ overlay }: FanMap, register: Register, outside: string): Line[] {
  return [
    { op: 'wxor', to: register, value: overlay.address },
    { op: 'wmov', to: 'r2', value: register },
    { op: 'wshr', to: 'r2', value: 32 - overlay.length },
    { op: 'if', register: 'r2', is: 'ne', value: 0, label: outside },
  ]
}

/** Replaces an offset in the overlay by the host part of its owner. */
export function hostPart(map: FanMap, register: Register): Line[] {
  return [{ op: 'wshr', to: register, value: 32 - sliceLengthOf(map) }]
}

/** No machine has the underlay's network or broadcast address; a packet to the latter would reach every host. */
export function refuseUnusable(map: FanMap, register: Register): Line[] {
  if (hostBitsOf(map) < 2) return []
  return [
    { op: 'if', register, is: 'eq', value: 0, label: 'off-map' },
    { op: 'if', register, is: 'eq', value: sizeOf(map.underlay.length) - 1, label: 'off-map' },
  ]
}

/** Tells the tunnel where to send the packet, and from which address: a host may have several. */
export function setTunnelKey({ host }: HostMap, { id, keyFlags }: Carrier, remote: Register): Line[] {
  const attempt = (size: number): Line[] => [
    { op: 'mov', to: 'r1', value: 'r6' },
    { op: 'mov', to: 'r2', value: 'r10' },
    { op: 'add', to: 'r2', value: stack.key },
    { op: 'mov', to: 'r3', value: size },
    { op: 'mov', to: 'r4', value: keyFlags },
    { op: 'call', helper: 'bpf_skb_set_tunnel_key' },
  ]
  return [
    ...[0, 8, 16, 24, 32, 40].map((offset): Line => store('store64', offset, 0)),
    ...(id === undefined ? [] : [store('store32', tunnelKey.id, id)]),
    store('store32', tunnelKey.remote, remote),
    store('store8', tunnelKey.ttl, 64),
    store('store32', tunnelKey.local, host),
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

/**
 * Goes on only if the packet came through a tunnel, with the right identifier, from the host in `owner`, to this host's address:
 * what it sends to others of its addresses, to all, or to a multicast group goes other ways than between hosts of a fan.
 */
export function compareTunnelKey({ host }: HostMap, { id }: Carrier, owner: Register): Line[] {
  const attempt = (size: number): Line[] => [
    { op: 'mov', to: 'r1', value: 'r6' },
    { op: 'mov', to: 'r2', value: 'r10' },
    { op: 'add', to: 'r2', value: stack.key },
    { op: 'mov', to: 'r3', value: size },
    { op: 'mov', to: 'r4', value: 0 },
    { op: 'call', helper: 'bpf_skb_get_tunnel_key' },
  ]
  return [
    ...attempt(tunnelKey.size),
    { op: 'if', register: 'r0', is: 'eq', value: 0, label: 'key-known' },
    // Kernels before 6.0 do not tell the outer destination; there the firewall alone looks at it.
    ...attempt(tunnelKey.olderSize),
    { op: 'if', register: 'r0', is: 'ne', value: 0, label: 'off-map' },
    { op: 'goto', label: 'for-this-host' },
    { op: 'label', label: 'key-known' },
    { op: 'load32', to: 'r2', from: 'r10', offset: stack.key + tunnelKey.local },
    { op: 'if', register: 'r2', is: 'ne', value: host, label: 'misdirected' },
    { op: 'label', label: 'for-this-host' },
    ...(id === undefined ? [] : compareId(id)),
    { op: 'load32', to: 'r2', from: 'r10', offset: stack.key + tunnelKey.remote },
    { op: 'if', register: owner, is: 'ne', value: 'r2', label: 'spoofed' },
  ]
}

function compareId(id: number): Line[] {
  return [
    { op: 'load32', to: 'r2', from: 'r10', offset: stack.key + tunnelKey.id },
    { op: 'if', register: 'r2', is: 'ne', value: id, label: 'off-map' },
  ]
}

/** Marks a packet as checked. Where the tunnel is no port of the bridge, it is known by that. */
export function stampAsChecked({ arp }: Carrier): Line[] {
  if (!arp) return []
  return [
    { op: 'mov', to: 'r2', value: stamp },
    { op: 'store32', to: 'r6', offset: skb.priority, value: 'r2' },
  ]
}

/** Notes what to count and what to return, and goes to the end. */
export function finish(counter: Counter, verdict: keyof typeof verdicts): Line[] {
  return [
    { op: 'mov', to: 'r8', value: counterIndex(counter) },
    { op: 'mov', to: 'r9', value: verdicts[verdict] },
    { op: 'goto', label: 'count' },
  ]
}

/** Returns at once, without counting. */
export function leave(verdict: keyof typeof verdicts): Line[] {
  return [{ op: 'mov', to: 'r0', value: verdicts[verdict] }, { op: 'exit' }]
}

/** The counters are per CPU, so adding one needs no atomic operation. */
export function countAndExit(): Line[] {
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
