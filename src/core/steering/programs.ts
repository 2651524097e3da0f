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
import type { HostMap } from '../fan-map.js'
import type { Line } from './assembler.js'
import type { Carrier } from './carrier.js'
import {
  addressOffset,
  compareTunnelKey,
  countAndExit,
  finish,
  hostPart,
  leave,
  loadAddress,
  offsetInOverlay,
  refuseShouted,
  refuseTagged,
  refuseUnusable,
  setTunnelKey,
  stampAsChecked,
} from './fragments.js'

/** Sends each packet to the host that owns its inner destination. */
export function egressProgram(fan: HostMap, carrier: Carrier): readonly Line[] {
  return [
    { op: 'mov', to: 'r6', value: 'r1' },
    ...refuseTagged(carrier),
    ...addressOffset(carrier, 'destination', 'r7'),
    ...loadAddress('r7'),
    ...offsetInOverlay(fan, 'r7', 'outside'),
    ...hostPart(fan, 'r7'),
    ...refuseUnusable(fan, 'r7'),
    { op: 'wor', to: 'r7', value: fan.underlay.address },
    { op: 'if', register: 'r7', is: 'eq', value: fan.host, label: 'off-map' },
    ...setTunnelKey(fan, carrier, 'r7'),
    ...finish('sent', 'accept'),
    { op: 'label', label: 'outside' },
    ...(carrier.isShared ? leave('next') : []),
    { op: 'label', label: 'off-map' },
    ...finish('offMap', 'drop'),
    ...countAndExit(),
  ]
}

/** Lets in what comes from the owner of its inner source and is for this host. */
export function ingressProgram(fan: HostMap, carrier: Carrier): readonly Line[] {
  return [
    { op: 'mov', to: 'r6', value: 'r1' },
    ...refuseTagged(carrier),
    ...refuseShouted(carrier),
    ...addressOffset(carrier, 'destination', 'r7'),
    ...loadAddress('r7'),
    ...offsetInOverlay(fan, 'r7', 'outside'),
    ...hostPart(fan, 'r7'),
    { op: 'wor', to: 'r7', value: fan.underlay.address },
    ...addressOffset(carrier, 'source', 'r8'),
    ...loadAddress('r8'),
    ...offsetInOverlay(fan, 'r8', 'spoofed'),
    ...hostPart(fan, 'r8'),
    { op: 'wor', to: 'r8', value: fan.underlay.address },
    ...compareTunnelKey(fan, carrier, 'r8'),
    { op: 'if', register: 'r7', is: 'ne', value: fan.host, label: 'misdirected' },
    ...stampAsChecked(carrier),
    ...finish('delivered', 'accept'),
    { op: 'label', label: 'spoofed' },
    ...finish('spoofed', 'drop'),
    { op: 'label', label: 'misdirected' },
    ...finish('misdirected', 'drop'),
    { op: 'label', label: 'outside' },
    ...(carrier.isShared ? leave('next') : []),
    { op: 'label', label: 'off-map' },
    ...finish('offMap', 'drop'),
    ...countAndExit(),
  ]
}

/** Drops what no fan on a shared tunnel has claimed. Without it such packets would be let in unchecked. */
export function guardProgram(): readonly Line[] {
  return [...finish('offMap', 'drop'), ...countAndExit()]
}
