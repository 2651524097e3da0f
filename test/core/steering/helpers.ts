/** The kernel's helper functions as the steering programs need them (net/core/filter.c, kernel/bpf/helpers.c). */
import { counters } from '../../../src/core/steering/counters.js'
import { type Machine, readRegister } from './machine.js'
import { places } from './memory.js'

const errno = { EFAULT: -14n, EINVAL: -22n } as const

/** Offsets in struct bpf_tunnel_key (include/uapi/linux/bpf.h). `local` came with Linux 6.0. */
const key = { id: 0, remote: 4, tos: 20, ttl: 21, extension: 22, label: 24, local: 28 } as const

/** Calls the helper with this number. Afterwards r1 to r5 hold nothing. */
export function callHelper(machine: Machine, number: number): void {
  const helper = helpers[number]
  if (!helper) throw new Error(`there is no helper ${number}`)
  const result = helper(machine)
  machine.registers.fill(undefined, 1, 6)
  machine.registers[0] = BigInt.asUintN(64, result)
}

const helpers: Readonly<Record<number, (machine: Machine) => bigint>> = {
  1: lookUpCounter,
  20: getTunnelKey,
  21: setTunnelKey,
  26: loadBytes,
}

function argument(machine: Machine, index: number): number {
  return Number(readRegister(machine, index))
}

function expectContext(machine: Machine): void {
  if (argument(machine, 1) !== places.context) throw new Error('a helper is not given the packet')
}

/** void *bpf_map_lookup_elem(map, key): null where the index is outside the array. */
function lookUpCounter(machine: Machine): bigint {
  if (argument(machine, 1) !== places.map) throw new Error('a helper is not given the map')
  const index = Number(machine.memory.read(argument(machine, 2), 4))
  return index < counters.length ? BigInt(places.counters + index * 8) : 0n
}

/** int bpf_skb_load_bytes(skb, offset, to, len) */
function loadBytes(machine: Machine): bigint {
  expectContext(machine)
  const [offset, to, length] = [argument(machine, 2), argument(machine, 3), argument(machine, 4)]
  const bytes = machine.packet.bytes.subarray(offset, offset + length)
  for (let at = 0; at < length; at += 1)
    machine.memory.write(to + at, 1, BigInt(bytes.length === length ? (bytes[at] ?? 0) : 0))
  return bytes.length === length ? 0n : errno.EFAULT
}

/** int bpf_skb_get_tunnel_key(skb, key, size, flags) */
function getTunnelKey(machine: Machine): bigint {
  expectContext(machine)
  const { memory, packet, kernel } = machine
  const [to, size] = [argument(machine, 2), argument(machine, 3)]
  if (readRegister(machine, 4) !== 0n) throw new Error('only IPv4 keys are asked for without flags')
  for (let at = 0; at < size; at += 1) memory.write(to + at, 1, 0n)
  const found = packet.tunnelKey
  if (!found || !kernel.keySizes.includes(size)) return errno.EINVAL
  memory.write(to + key.id, 4, BigInt(found.id))
  memory.write(to + key.remote, 4, BigInt(found.remote))
  memory.write(to + key.ttl, 1, BigInt(found.ttl))
  if (size > key.local) memory.write(to + key.local, 4, BigInt(found.local))
  return 0n
}

/** int bpf_skb_set_tunnel_key(skb, key, size, flags) */
function setTunnelKey(machine: Machine): bigint {
  expectContext(machine)
  const { memory, kernel } = machine
  const [from, size] = [argument(machine, 2), argument(machine, 3)]
  // The verifier wants the whole of it written, whatever the kernel thinks of the size.
  for (let at = 0; at < size; at += 1) memory.read(from + at, 1)
  if (!kernel.keySizes.includes(size)) return errno.EINVAL
  const word = (offset: number) => Number(memory.read(from + offset, 4))
  if (word(key.label) !== 0) return errno.EINVAL
  machine.tunnelKey = {
    id: word(key.id),
    remote: word(key.remote),
    local: size > key.local ? word(key.local) : 0,
    ttl: Number(memory.read(from + key.ttl, 1)),
    flags: argument(machine, 4),
  }
  return 0n
}
