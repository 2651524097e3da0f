/**
 * An interpreter for the part of eBPF that the steering programs use, written from RFC 9669 and not from the assembler,
 * so that a wrong opcode shows. Registers are 64 bits wide; what a verifier would refuse is an error here, too: reading
 * what was never written, an access outside the stack or across its alignment, a jump backwards.
 */
import type { Instruction } from '../../../src/core/steering/assembler.js'
import { counters } from '../../../src/core/steering/counters.js'
import { callHelper } from './helpers.js'
import { type Kernel, type Machine, type Packet, readRegister, type TunnelKey } from './machine.js'
import { Memory, places } from './memory.js'

export const newKernel: Kernel = { littleEndian: true, keySizes: [28, 44] }

export interface Outcome {
  /** What the program returns: 0 accept, 2 drop, -1 ask the next filter. */
  readonly verdict: number
  readonly counts: readonly number[]
  /** The key that the program set. */
  readonly tunnelKey: TunnelKey | undefined
}

const u64 = (value: bigint) => BigInt.asUintN(64, value)
const u32 = (value: bigint) => BigInt.asUintN(32, value)

/** Instruction classes: the low three bits of an opcode. */
const classes = { ld: 0, ldx: 1, st: 2, stx: 3, alu: 4, jmp: 5, jmp32: 6, alu64: 7 } as const
const widths: Readonly<Record<number, number>> = { 0: 4, 8: 2, 16: 1, 24: 8 }

export function run(code: readonly Instruction[], packet: Packet, kernel: Kernel = newKernel): Outcome {
  const memory = new Memory(kernel.littleEndian)
  memory.write(places.context + 4, 4, BigInt(packet.packetType ?? 0))
  memory.write(places.context + 16, 4, BigInt(networkOrder16(packet.protocol, kernel)))
  memory.write(places.context + 20, 4, packet.tagged ? 1n : 0n)
  const registers: (bigint | undefined)[] = Array.from({ length: 11 })
  registers[1] = BigInt(places.context)
  registers[10] = BigInt(places.stackTop)
  const machine: Machine = { registers, memory, packet, kernel, tunnelKey: undefined }
  for (let at = 0; ; ) {
    const instruction = code[at]
    if (!instruction) throw new Error(`the program runs past its end, at ${at}`)
    if (instruction.opcode === 0x95) break
    const next = at + step(machine, instruction)
    if (next <= at) throw new Error(`a jump backwards at ${at}`)
    at = next
  }
  const counts = counters.map((_, index) => Number(memory.read(places.counters + index * 8, 8)))
  return { verdict: Number(BigInt.asIntN(32, readRegister(machine, 0))), counts, tunnelKey: machine.tunnelKey }
}

function networkOrder16(value: number, { littleEndian }: Kernel): number {
  return littleEndian ? (value % 256) * 256 + Math.floor(value / 256) : value
}

/** Does one instruction and returns the distance to the next. */
function step(machine: Machine, instruction: Instruction): number {
  const { opcode, to, offset } = instruction
  const width = widths[opcode & 0x18] ?? 0
  switch (opcode & 0x07) {
    case classes.alu64:
    case classes.alu:
      machine.registers[to] = calculate(machine, instruction)
      return 1
    case classes.ldx:
      expectMode(instruction)
      machine.registers[to] = machine.memory.read(Number(readRegister(machine, instruction.from)) + offset, width)
      return 1
    case classes.st:
    case classes.stx:
      expectMode(instruction)
      machine.memory.write(Number(readRegister(machine, to)) + offset, width, stored(machine, instruction))
      return 1
    case classes.ld:
      // The one 64-bit load: two slots, source 1 says that the immediate is a map's file descriptor.
      if (opcode !== 0x18 || instruction.from !== 1 || !instruction.map) throw new Error(`opcode ${opcode} of no use`)
      machine.registers[to] = BigInt(places.map)
      return 2
    default:
      return jump(machine, instruction)
  }
}

/** BPF_MEM, an ordinary access. */
function expectMode({ opcode }: Instruction): void {
  if ((opcode & 0xe0) !== 0x60) throw new Error(`opcode ${opcode} is no ordinary access`)
}

function stored(machine: Machine, { opcode, from, immediate }: Instruction): bigint {
  return (opcode & 0x07) === classes.stx ? readRegister(machine, from) : u64(BigInt(immediate))
}

/** The second operand: a register, or an immediate whose sign fills 64 bits. */
function operand(machine: Machine, { opcode, from, immediate }: Instruction): bigint {
  return opcode & 0x08 ? readRegister(machine, from) : u64(BigInt(immediate))
}

function calculate(machine: Machine, instruction: Instruction): bigint {
  const { opcode, to, immediate } = instruction
  const isWide = (opcode & 0x07) === classes.alu64
  const narrow = isWide ? u64 : u32
  if ((opcode & 0xf0) === 0xd0) return toBigEndian(machine, readRegister(machine, to), immediate, opcode)
  const b = narrow(operand(machine, instruction))
  if ((opcode & 0xf0) === 0xb0) return b
  const a = narrow(readRegister(machine, to))
  switch (opcode & 0xf0) {
    case 0x00:
      return narrow(a + b)
    case 0x40:
      return a | b
    case 0x70:
      return a >> (b & (isWide ? 63n : 31n))
    case 0xa0:
      return a ^ b
    default:
      throw new Error(`no such calculation: opcode ${opcode}`)
  }
}

/** The low 16 or 32 bits in network byte order, zero above. */
function toBigEndian({ kernel }: Machine, value: bigint, bits: number, opcode: number): bigint {
  if (opcode !== 0xdc || (bits !== 16 && bits !== 32)) throw new Error(`no such byte order: ${opcode}, ${bits} bits`)
  const low = BigInt.asUintN(bits, value)
  if (!kernel.littleEndian) return low
  const view = new DataView(new ArrayBuffer(8))
  view.setBigUint64(0, low, true)
  return bits === 16 ? BigInt(view.getUint16(0, false)) : BigInt(view.getUint32(0, false))
}

function jump(machine: Machine, instruction: Instruction): number {
  const { opcode, to, offset, immediate } = instruction
  if (opcode === 0x85) {
    callHelper(machine, immediate)
    return 1
  }
  if (opcode === 0x05) return offset + 1
  const narrow = (opcode & 0x07) === classes.jmp32 ? u32 : u64
  const same = narrow(readRegister(machine, to)) === narrow(operand(machine, instruction))
  switch (opcode & 0xf0) {
    case 0x10:
      return same ? offset + 1 : 1
    case 0x50:
      return same ? 1 : offset + 1
    default:
      throw new Error(`no such jump: opcode ${opcode}`)
  }
}
