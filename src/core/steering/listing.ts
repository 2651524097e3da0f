/** Programs as text. */
import type { Line, Register } from './assembler.js'

/** A program for people, one line each. */
export function formatLines(lines: readonly Line[]): string {
  return lines.map(formatLine).join('\n')
}

const symbols = { wmov: '=', wxor: '^=', wor: '|=', wshr: '>>=' } as const
const widths = { load32: 'u32', load64: 'u64', store8: 'u8', store32: 'u32', store64: 'u64' } as const
const at = (register: Register, offset: number) => `${register}${offset < 0 ? ' - ' : ' + '}${Math.abs(offset)}`
const half = (register: Register) => register.replace('r', 'w')
const halfOrHex = (value: Register | number) =>
  typeof value === 'number' ? `0x${(value >>> 0).toString(16)}` : half(value)

function formatLine(line: Line): string {
  switch (line.op) {
    case 'label':
      return `${line.label}:`
    case 'mov':
      return `  ${line.to} = ${line.value}`
    case 'add':
      return `  ${line.to} += ${line.value}`
    case 'wmov':
    case 'wxor':
    case 'wor':
    case 'wshr':
      return `  ${half(line.to)} ${symbols[line.op]} ${halfOrHex(line.value)}`
    case 'be16':
    case 'be32':
      return `  ${line.to} = ${line.op} ${line.to}`
    case 'load32':
    case 'load64':
      return `  ${line.to} = *(${widths[line.op]} *)(${at(line.from, line.offset)})`
    case 'store8':
    case 'store32':
    case 'store64':
      return `  *(${widths[line.op]} *)(${at(line.to, line.offset)}) = ${line.value}`
    case 'counters':
      return `  ${line.to} = counters`
    case 'call':
      return `  call ${line.helper}`
    case 'goto':
      return `  goto ${line.label}`
    case 'if':
      return `  if ${half(line.register)} ${line.is === 'eq' ? '==' : '!='} ${halfOrHex(line.value)} goto ${line.label}`
    case 'if-null':
      return `  if ${line.register} == null goto ${line.label}`
    case 'exit':
      return '  exit'
    default:
      return line satisfies never
  }
}
