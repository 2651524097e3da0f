import { describe, expect, test } from 'vitest'
import { assemble, encode, type Line } from '../../../src/core/steering/assembler.js'
import { formatLines } from '../../../src/core/steering/listing.js'

/** Bytes of a program in hexadecimal, an instruction a word. */
function bytesOf(lines: readonly Line[], littleEndian = true): string {
  const text = Buffer.from(encode(assemble(lines), 9, littleEndian)).toString('hex')
  return text.replace(/.{16}(?=.)/g, '$& ')
}

describe('a line is encoded', () => {
  // The bytes follow from the tables of RFC 9669, sections 4 and 5.
  test.each<[string, Line, string]>([
    ['r1 = r6', { op: 'mov', to: 'r1', value: 'r6' }, 'bf61000000000000'],
    ['r9 = -1', { op: 'mov', to: 'r9', value: -1 }, 'b7090000ffffffff'],
    ['r0 = 2', { op: 'mov', to: 'r0', value: 2 }, 'b700000002000000'],
    ['r2 += -48', { op: 'add', to: 'r2', value: -48 }, '07020000d0ffffff'],
    ['w2 = 0x1', { op: 'wmov', to: 'r2', value: 1 }, 'b402000001000000'],
    ['w7 ^= 0xfa000000', { op: 'wxor', to: 'r7', value: 0xfa000000 }, 'a4070000000000fa'],
    ['w7 |= 0x80000000', { op: 'wor', to: 'r7', value: 0x80000000 }, '4407000000000080'],
    ['w7 >>= 0x18', { op: 'wshr', to: 'r7', value: 24 }, '7407000018000000'],
    ['r2 = be16 r2', { op: 'be16', to: 'r2' }, 'dc02000010000000'],
    ['r7 = be32 r7', { op: 'be32', to: 'r7' }, 'dc07000020000000'],
    ['r2 = *(u32 *)(r6 + 16)', { op: 'load32', to: 'r2', from: 'r6', offset: 16 }, '6162100000000000'],
    ['r7 = *(u32 *)(r10 - 52)', { op: 'load32', to: 'r7', from: 'r10', offset: -52 }, '61a7ccff00000000'],
    ['r1 = *(u64 *)(r0 + 0)', { op: 'load64', to: 'r1', from: 'r0', offset: 0 }, '7901000000000000'],
    ['*(u8 *)(r10 - 27) = 64', { op: 'store8', to: 'r10', offset: -27, value: 64 }, '720ae5ff40000000'],
    ['*(u32 *)(r10 - 48) = 7', { op: 'store32', to: 'r10', offset: -48, value: 7 }, '620ad0ff07000000'],
    ['*(u64 *)(r10 - 48) = 0', { op: 'store64', to: 'r10', offset: -48, value: 0 }, '7a0ad0ff00000000'],
    ['*(u8 *)(r10 - 27) = r7', { op: 'store8', to: 'r10', offset: -27, value: 'r7' }, '737ae5ff00000000'],
    ['*(u32 *)(r10 - 44) = r7', { op: 'store32', to: 'r10', offset: -44, value: 'r7' }, '637ad4ff00000000'],
    ['*(u64 *)(r0 + 0) = r1', { op: 'store64', to: 'r0', offset: 0, value: 'r1' }, '7b10000000000000'],
    ['r1 = counters', { op: 'counters', to: 'r1' }, '1811000009000000 0000000000000000'],
    ['call bpf_map_lookup_elem', { op: 'call', helper: 'bpf_map_lookup_elem' }, '8500000001000000'],
    ['call bpf_skb_get_tunnel_key', { op: 'call', helper: 'bpf_skb_get_tunnel_key' }, '8500000014000000'],
    ['call bpf_skb_set_tunnel_key', { op: 'call', helper: 'bpf_skb_set_tunnel_key' }, '8500000015000000'],
    ['call bpf_skb_load_bytes', { op: 'call', helper: 'bpf_skb_load_bytes' }, '850000001a000000'],
    ['exit', { op: 'exit' }, '9500000000000000'],
  ])('%s', (text, line, bytes) => {
    expect(formatLines([line])).toBe(`  ${text}`)
    expect(bytesOf([line])).toBe(bytes)
  })

  test.each<[Line, string]>([
    [{ op: 'wmov', to: 'r2', value: 'r7' }, 'bc72000000000000'],
    [{ op: 'wxor', to: 'r7', value: 'r8' }, 'ac87000000000000'],
    [{ op: 'wor', to: 'r7', value: 'r8' }, '4c87000000000000'],
    [{ op: 'wshr', to: 'r7', value: 'r8' }, '7c87000000000000'],
    [{ op: 'if', register: 'r8', is: 'eq', value: 'r2', label: 'end' }, '1e28010000000000'],
    [{ op: 'if', register: 'r8', is: 'ne', value: 'r2', label: 'end' }, '5e28010000000000'],
  ])('with two registers, %j', (line, bytes) => {
    const end: Line = { op: 'label', label: 'end' }
    expect(bytesOf([line, { op: 'exit' }, end]).split(' ')[0]).toBe(bytes)
  })

  test('with the registers and the numbers turned round on a big-endian machine', () => {
    expect(bytesOf([{ op: 'load32', to: 'r7', from: 'r10', offset: -52 }], false)).toBe('617affcc00000000')
    expect(bytesOf([{ op: 'wxor', to: 'r7', value: 0xfa000000 }], false)).toBe('a4700000fa000000')
    expect(bytesOf([{ op: 'counters', to: 'r1' }], false)).toBe('1811000000000009 0000000000000000')
  })
})

describe('a jump', () => {
  const end: readonly Line[] = [{ op: 'label', label: 'end' }, { op: 'exit' }]

  test.each<[string, Line, string]>([
    ['goto end', { op: 'goto', label: 'end' }, '0500010000000000'],
    [
      'if w7 == 0xa000304 goto end',
      { op: 'if', register: 'r7', is: 'eq', value: 0x0a000304, label: 'end' },
      '160701000403000a',
    ],
    [
      'if w8 != 0xffffffff goto end',
      { op: 'if', register: 'r8', is: 'ne', value: 2 ** 32 - 1, label: 'end' },
      '56080100ffffffff',
    ],
    ['if r0 == null goto end', { op: 'if-null', register: 'r0', label: 'end' }, '1500010000000000'],
  ])('%s skips one instruction', (text, line, bytes) => {
    const lines: readonly Line[] = [line, { op: 'mov', to: 'r0', value: 0 }, ...end]
    expect(formatLines([line])).toBe(`  ${text}`)
    expect(bytesOf(lines).split(' ')[0]).toBe(bytes)
  })

  test('counts the two slots of a map and none for a label', () => {
    const [jump] = assemble([
      { op: 'goto', label: 'end' },
      { op: 'label', label: 'between' },
      { op: 'counters', to: 'r1' },
      { op: 'mov', to: 'r0', value: 0 },
      ...end,
    ])
    expect(jump?.offset).toBe(3)
  })

  test('may go to the next instruction', () => {
    expect(assemble([{ op: 'goto', label: 'end' }, ...end])[0]?.offset).toBe(0)
  })

  test('to a label that is not there is a bug', () => {
    expect(() => assemble([{ op: 'goto', label: 'nowhere' }, ...end])).toThrow('nowhere')
  })
})

test('a program is printed with its labels', () => {
  const lines: readonly Line[] = [{ op: 'goto', label: 'end' }, { op: 'label', label: 'end' }, { op: 'exit' }]
  expect(formatLines(lines)).toBe('  goto end\nend:\n  exit')
})
