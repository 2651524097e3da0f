/** Netlink attributes (type, length, value; padded to four bytes) in this machine's byte order. */
import { formatAttribute, pad, parseAttributes } from 'netlink/dist/structs.js'
import { type Ipv4, ipv4 } from '../core/ipv4.js'

export type Attribute = readonly [type: number, value: Buffer | readonly Attribute[]]

export function encodeAttributes(attributes: readonly Attribute[]): Buffer {
  return Buffer.concat(
    attributes.flatMap(([type, value]) => {
      const nested = !Buffer.isBuffer(value)
      const data = Buffer.isBuffer(value) ? value : encodeAttributes(value)
      // Newer parts of the kernel insist on the mark of an attribute that holds attributes.
      return pad(formatAttribute({ type, nested, data }))
    }),
  )
}

/** The attributes of a message in order. */
export function listAttributes(bytes: Buffer): { readonly type: number; readonly data: Buffer }[] {
  const found: { type: number; data: Buffer }[] = []
  parseAttributes(bytes, ({ type, data }) => found.push({ type, data }))
  return found
}

/** The attributes of a message by type. */
export function decodeAttributes(bytes: Buffer | undefined): Map<number, Buffer> {
  return new Map(bytes && listAttributes(bytes).map(({ type, data }) => [type, data]))
}

/** What every message of its kind brings. Throws an Error that names what is missing. */
export function need<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`a message of the kernel lacks ${what}`)
  return value
}

export function u8(value: number): Buffer {
  return Buffer.from([value])
}

export function u16be(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

/** In the byte order of the machine. */
export function u16(value: number): Buffer {
  return Buffer.from(Uint16Array.of(value).buffer)
}

export function u64be(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

/** Netlink speaks the byte order of the machine, except for addresses and ports. */
export function u32(value: number): Buffer {
  return Buffer.from(Uint32Array.of(value).buffer)
}

export function u32be(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

export function text(value: string): Buffer {
  return Buffer.from(`${value}\0`)
}

export function readU16(bytes: Buffer | undefined): number | undefined {
  return bytes && bytes.length >= 2 ? new Uint16Array(Uint8Array.from(bytes.subarray(0, 2)).buffer)[0] : undefined
}

/** In network byte order. */
export function readU16be(bytes: Buffer | undefined): number | undefined {
  return bytes && bytes.length >= 2 ? bytes.readUInt16BE() : undefined
}

export function readU64be(bytes: Buffer | undefined): number | undefined {
  return bytes && bytes.length >= 8 ? Number(bytes.readBigUInt64BE()) : undefined
}

/** An address; undefined where there is none. */
export function readIpv4(bytes: Buffer | undefined): Ipv4 | undefined {
  const value = readU32be(bytes)
  return value === undefined ? undefined : ipv4(value)
}

export function readU32(bytes: Buffer | undefined): number | undefined {
  return bytes && bytes.length >= 4 ? new Uint32Array(Uint8Array.from(bytes.subarray(0, 4)).buffer)[0] : undefined
}

/** A number in the fixed part of a message. */
export function u32At(message: Buffer, offset: number): number {
  return need(readU32(message.subarray(offset)), `the number at byte ${offset}`)
}

export function u16At(message: Buffer, offset: number): number {
  return need(readU16(message.subarray(offset)), `the number at byte ${offset}`)
}

export function u8At(message: Buffer, offset: number): number {
  return need(message[offset], `byte ${offset}`)
}

function readU32be(bytes: Buffer | undefined): number | undefined {
  return bytes && bytes.length >= 4 ? bytes.readUInt32BE() : undefined
}

export function readText(bytes: Buffer | undefined): string | undefined {
  return bytes?.toString().replace(/\0.*$/s, '')
}

export function readMac(bytes: Buffer | undefined): string | undefined {
  return bytes && [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':')
}

export function mac(value: string): Buffer {
  return Buffer.from(value.replaceAll(':', ''), 'hex')
}
