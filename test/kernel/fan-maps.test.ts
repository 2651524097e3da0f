/** Byte by byte: the kernel that would refuse wrong ones may not be at hand. */
import { endianness } from 'node:os'
import { describe, expect, test } from 'vitest'
import { decodeAttributes, encodeAttributes } from '../../src/kernel/attributes.js'
import { decodeFanMap, encodeFanMap, fanMapAttribute } from '../../src/kernel/fan-maps.js'
import { address, prefix } from '../core/support.js'
import { hex } from './hex.js'

const map = { local: address('10.88.3.4'), overlay: prefix('250.0.0.0/8'), underlay: prefix('10.88.0.0/16') }

// The expected bytes are those of a little-endian machine.
describe.runIf(endianness() === 'LE')('a fan map', () => {
  test('is one attribute in attribute 33: underlay, overlay, then both lengths in the order of the machine', () => {
    expect(hex(encodeAttributes([encodeFanMap(map)]))).toBe('14002180 10000100 0a580000 fa000000 10000800')
  })

  test('reads back as it was written', () => {
    const data = decodeAttributes(encodeAttributes([encodeFanMap(map)])).get(fanMapAttribute)
    expect(decodeFanMap(data, map.local)).toEqual(map)
    // Another program's link may have a map and no address of its own: nothing that fanctl could have made.
    expect(decodeFanMap(data, undefined)).toBeUndefined()
  })

  test.each([
    ['nothing', ''],
    ['the reserved bits of vxlan, which have the same number since Linux 6.14', 'f7ffffff 000000ff'],
    ['an attribute of another type', '10000200 0a580000 fa000000 10000800'],
    ['a mapping that is cut off', '0c000100 0a580000 fa000000'],
    ['16 bytes that are no attribute', 'ffffffff ffffffff ffffffff ffffffff'],
    [
      'two mappings, which fanctl never makes',
      '10000100 0a580000 fa000000 10000800 10000100 0a590000 fb000000 10000800',
    ],
  ])('is not what reads as %s', (_, text) => {
    expect(decodeFanMap(Buffer.from(text.replaceAll(' ', ''), 'hex'), map.local)).toBeUndefined()
  })
})
