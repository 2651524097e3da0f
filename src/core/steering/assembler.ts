/**
 * A small assembler for eBPF: instructions are data, jumps go to labels, and a program can be printed.
 * Encoding: Linux' Documentation/bpf/standardization/instruction-set.rst (RFC 9669). Only what steering needs.
 */

export type Register = 'r0' | 'r1' | 'r2' | 'r3' | 'r4' | 'r6' | 'r7' | 'r8' | 'r9' | 'r10'

/** One line of a program. `w` operations work on 32 bits and clear the upper half of the register. */
export type Line =
  | { readonly op: 'label'; readonly label: string }
  | { readonly op: 'mov'; readonly to: Register; readonly value: Register | number }
  | {
      readonly op: 'wmov' | 'wxor' | 'wor' | 'wshr'
      readonly to: Register
      readonly value: Register | number
    }
  | { readonly op: 'add'; readonly to: Register; readonly value: number }
  | { readonly op: 'be16' | 'be32'; readonly to: Register }
  | { readonly op: 'load32' | 'load64'; readonly to: Register; readonly from: Register; readonly offset: number }
  | {
      readonly op: 'store8' | 'store32' | 'store64'
      readonly to: Register
      readonly offset: number
      readonly value: Register | number
    }
  | { readonly op: 'counters'; readonly to: Register }
  | { readonly op: 'call'; readonly helper: Helper }
  | { readonly op: 'goto'; readonly label: string }
  | {
      readonly op: 'if'
      readonly register: Register
      readonly is: 'eq' | 'ne'
      readonly value: Register | number
      readonly label: string
    }
  | { readonly op: 'if-null'; readonly register: Register; readonly label: string }
  | { readonly op: 'exit' }

/** Helper functions of the kernel and their numbers (include/uapi/linux/bpf.h). None needs a GPL licence. */
const helpers = {
  bpf_map_lookup_elem: 1,
  bpf_skb_get_tunnel_key: 20,
  bpf_skb_set_tunnel_key: 21,
  bpf_skb_load_bytes: 26,
} as const
export type Helper = keyof typeof helpers

/** An instruction as the kernel takes it: 8 bytes. `map` marks the one whose immediate is the counters' map. */
export interface Instruction {
  readonly opcode: number
  readonly to: number
  readonly from: number
  readonly offset: number
  readonly immediate: number
  readonly map?: true
}

/** Opcode = class | source (0x00 immediate, 0x08 register) | operation. */
const alu32 = { wmov: 0xb4, wxor: 0xa4, wor: 0x44, wshr: 0x74 } as const
const sizes = { load32: 0x61, load64: 0x79, store8: 0x72, store32: 0x62, store64: 0x7a } as const
/** Class JMP32 (Linux 5.1): a 64-bit comparison would sign-extend an address above 127.255.255.255. */
const jumps = { eq: 0x16, ne: 0x56 } as const

const number = (register: Register) => Number(register.slice(1))

/** Lines to instructions, labels resolved. Throws an Error for an unknown label: that is a bug. */
export function assemble(lines: readonly Line[]): readonly Instruction[] {
  const places = new Map<string, number>()
  let length = 0
  for (const line of lines)
    if (line.op === 'label') places.set(line.label, length)
    else length += line.op === 'counters' ? 2 : 1

  const code: Instruction[] = []
  const put = (opcode: number, fields: Partial<Instruction> = {}) =>
    code.push({ to: 0, from: 0, offset: 0, immediate: 0, ...fields, opcode })
  const distance = (label: string) => {
    const place = places.get(label)
    if (place === undefined) throw new Error(`no label ${label}`)
    return place - code.length - 1
  }
  const operand = (value: Register | number) =>
    typeof value === 'number' ? { immediate: value | 0 } : { from: number(value) }
  const bit = (value: Register | number) => (typeof value === 'number' ? 0 : 0x08)

  for (const line of lines)
    switch (line.op) {
      case 'label':
        break
      case 'mov':
        put(0xb7 | bit(line.value), { to: number(line.to), ...operand(line.value) })
        break
      case 'add':
        put(0x07, { to: number(line.to), immediate: line.value })
        break
      case 'wmov':
      case 'wxor':
      case 'wor':
      case 'wshr':
        put(alu32[line.op] | bit(line.value), { to: number(line.to), ...operand(line.value) })
        break
      case 'be16':
      case 'be32':
        put(0xdc, { to: number(line.to), immediate: line.op === 'be16' ? 16 : 32 })
        break
      case 'load32':
      case 'load64':
        put(sizes[line.op], { to: number(line.to), from: number(line.from), offset: line.offset })
        break
      case 'store8':
      case 'store32':
      case 'store64': {
        // Storing a register is class STX, one above ST.
        const opcode = sizes[line.op] | (typeof line.value === 'number' ? 0 : 0x01)
        put(opcode, { to: number(line.to), offset: line.offset, ...operand(line.value) })
        break
      }
      case 'counters':
        // A 64-bit load of a map takes two slots; source register 1 is BPF_PSEUDO_MAP_FD.
        put(0x18, { to: number(line.to), from: 1, map: true })
        put(0x00)
        break
      case 'call':
        put(0x85, { immediate: helpers[line.helper] })
        break
      case 'goto':
        put(0x05, { offset: distance(line.label) })
        break
      case 'if': {
        const fields = { to: number(line.register), offset: distance(line.label), ...operand(line.value) }
        put(jumps[line.is] | bit(line.value), fields)
        break
      }
      case 'if-null':
        // 64 bits wide: the verifier takes no other comparison for proof that a pointer is not null.
        put(0x15, { to: number(line.register), offset: distance(line.label) })
        break
      case 'exit':
        put(0x95)
        break
      default:
        line satisfies never
    }
  return code
}

/**
 * Instructions as bytes in this machine's byte order. `counters` is the file descriptor of the counters' map.
 * Register fields share a byte: destination in the low half on little-endian machines, in the high half on others.
 */
export function encode(code: readonly Instruction[], counters: number, littleEndian: boolean): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(code.length * 8))
  for (const [index, { opcode, to, from, offset, immediate, map }] of code.entries()) {
    const start = index * 8
    bytes.setUint8(start, opcode)
    bytes.setUint8(start + 1, littleEndian ? to + from * 16 : to * 16 + from)
    bytes.setInt16(start + 2, offset, littleEndian)
    bytes.setInt32(start + 4, map ? counters : immediate, littleEndian)
  }
  return new Uint8Array(bytes.buffer)
}
