import { expect, test } from 'vitest'
import { encodeAttributes, u32 } from '../../src/kernel/attributes.js'
import { decodeVnis, vniMessage } from '../../src/kernel/vnis.js'

test('a VNI reads back as it was', () => {
  expect(decodeVnis(vniMessage(7, 16_384_000))).toEqual([16_384_000])
})

test('the kernel tells a run of VNIs by its ends', () => {
  const run = encodeAttributes([
    [
      1,
      [
        [1, u32(7)],
        [2, u32(9)],
      ],
    ],
    [1, [[1, u32(20)]]],
  ])
  expect(decodeVnis(Buffer.concat([Buffer.alloc(8), run]))).toEqual([7, 8, 9, 20])
})

test('an entry without a VNI is none', () => {
  const nothing = encodeAttributes([[1, [[2, u32(9)]]]])
  expect(() => decodeVnis(Buffer.concat([Buffer.alloc(8), nothing]))).toThrow('lacks VXLAN_VNIFILTER_ENTRY_START')
})
