/** What a program works on: its registers and memory, one packet, and a kernel of some age and byte order. */
import type { Memory } from './memory.js'

/** The outer addresses of a packet (struct bpf_tunnel_key), as numbers. */
export interface TunnelKey {
  readonly id: number
  readonly remote: number
  readonly local: number
  readonly ttl: number
  /** BPF_F_* of the call that set it. */
  readonly flags: number
}

/** A packet as a classifier gets it. */
export interface Packet {
  /** EtherType. */
  readonly protocol: number
  readonly bytes: Uint8Array
  /** For whom its frame is: PACKET_HOST, _BROADCAST, _MULTICAST or _OTHERHOST (include/uapi/linux/if_packet.h). */
  readonly packetType?: number
  /** Whether the kernel has taken a VLAN tag off. */
  readonly tagged?: boolean
  /** Of a packet that came out of a tunnel. */
  readonly tunnelKey?: TunnelKey
}

export interface Kernel {
  readonly littleEndian: boolean
  /** The sizes of struct bpf_tunnel_key that this kernel knows. */
  readonly keySizes: readonly number[]
}

/** What the interpreter and the helpers share. */
export interface Machine {
  readonly registers: (bigint | undefined)[]
  readonly memory: Memory
  readonly packet: Packet
  readonly kernel: Kernel
  tunnelKey: TunnelKey | undefined
}

export function readRegister({ registers }: Machine, index: number): bigint {
  const value = registers[index]
  if (value === undefined) throw new Error(`r${index} is read before it is written`)
  return value
}
