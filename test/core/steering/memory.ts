/** The memory that a program sees: its context, 512 bytes of stack, and the values of the counters' map. */
import { counters } from '../../../src/core/steering/counters.js'

/** Addresses, far apart so that none is taken for another. `map` stands for the map itself. */
export const places = { context: 0x1000, stackTop: 0x3000, counters: 0x4000, map: 0x5000 } as const

const stackSize = 512
/** struct __sk_buff; only the packet's type, at 4, the protocol, at 16, and whether there was a VLAN tag, at 20, are set. */
const contextSize = 192

export class Memory {
  readonly #view = new DataView(new ArrayBuffer(0x4100))
  readonly #written = new Set<number>()
  readonly #littleEndian: boolean

  constructor(littleEndian: boolean) {
    this.#littleEndian = littleEndian
    for (const [index] of counters.entries()) this.write(places.counters + index * 8, 8, 0n)
  }

  read(address: number, width: number): bigint {
    this.#check(address, width)
    for (let at = address; at < address + width; at += 1)
      if (!this.#written.has(at)) throw new Error(`the byte at 0x${at.toString(16)} is read before it is written`)
    if (width === 8) return this.#view.getBigUint64(address, this.#littleEndian)
    if (width === 4) return BigInt(this.#view.getUint32(address, this.#littleEndian))
    return BigInt(width === 2 ? this.#view.getUint16(address, this.#littleEndian) : this.#view.getUint8(address))
  }

  write(address: number, width: number, value: bigint): void {
    this.#check(address, width)
    for (let at = address; at < address + width; at += 1) this.#written.add(at)
    const low = BigInt.asUintN(width * 8, value)
    if (width === 8) this.#view.setBigUint64(address, low, this.#littleEndian)
    else if (width === 4) this.#view.setUint32(address, Number(low), this.#littleEndian)
    else if (width === 2) this.#view.setUint16(address, Number(low), this.#littleEndian)
    else this.#view.setUint8(address, Number(low))
  }

  #check(address: number, width: number): void {
    const inside = (start: number, size: number) => address >= start && address + width <= start + size
    const known =
      inside(places.context, contextSize) ||
      inside(places.stackTop - stackSize, stackSize) ||
      inside(places.counters, counters.length * 8)
    if (!known) throw new Error(`${width} bytes at 0x${address.toString(16)} are outside of what a program may use`)
    if (address % width !== 0) throw new Error(`${width} bytes at 0x${address.toString(16)} are not aligned`)
  }
}
