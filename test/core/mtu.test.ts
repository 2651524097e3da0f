import { describe, expect, test } from 'vitest'
import { mtuFor } from '../../src/core/mtu.js'
import { types } from '../../src/core/types/types.js'
import { errorOf } from './support.js'

describe('containers may send', () => {
  test.each([
    // LXD's rule: the underlay's MTU less 50 for vxlan, less 20 for ipip.
    ['ipip', 1500, 1480],
    ['vxlan', 1500, 1450],
    ['ipip', 9001, 8981],
    ['vxlan', 8951, 8901],
    // The smallest underlays that leave 576 bytes.
    ['ipip', 596, 576],
    ['vxlan', 626, 576],
  ] as const)('over %s and an underlay of %d bytes %d bytes', (type, underlay, most) => {
    expect(mtuFor(types[type].overhead, underlay)).toBe(most)
    expect(mtuFor(types[type].overhead, underlay, most)).toBe(most)
    expect(mtuFor(types[type].overhead, underlay, 576)).toBe(576)
  })
})

test.each([
  ['ipip', 595, 'is 595; a fan needs at least 596'],
  ['vxlan', 625, 'is 625; a fan needs at least 626'],
  ['ipip', 0, 'MTU is 0;'],
] as const)('%s needs more than an underlay of %d bytes', (type, underlay, text) => {
  const error = errorOf(() => mtuFor(types[type].overhead, underlay))
  expect(error.code).toBe('UNDERLAY_MTU_TOO_SMALL')
  expect(error.message).toContain(text)
})

test.each([
  ['ipip', 1481, 'use 576 to 1480'],
  ['vxlan', 1451, 'use 576 to 1450'],
  ['ipip', 575, 'use 576 to 1480'],
  ['ipip', 1400.5, 'use 576 to 1480'],
  ['ipip', Number.NaN, 'use 576 to 1480'],
] as const)('over %s and 1500 bytes an MTU of %d does not fit, and the hint says %s', (type, wanted, hint) => {
  const error = errorOf(() => mtuFor(types[type].overhead, 1500, wanted))
  expect(error.code).toBe('MTU_INVALID')
  expect(error.hint).toContain(hint)
})
