import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fanMap, ownerOf, poolOf, sliceOf } from '../../src/core/fan-map.js'
import { networkOf, overlaps } from '../../src/core/ipv4.js'
import { anyAddress } from './arbitraries.js'
import { address, errorOf, prefix } from './support.js'

const usual = fanMap(prefix('250.0.0.0/8'), prefix('10.0.0.0/16'))

describe('a pair of networks is refused', () => {
  test.each([
    ['250.3.0.0/8', '10.0.0.0/16', 'OVERLAY_HOST_BITS', '250.0.0.0/8'],
    ['240.129.0.1/5', '10.0.0.0/16', 'OVERLAY_HOST_BITS', '240.0.0.0/5'],
    [
      '250.0.0.0/16',
      '10.0.0.0/16',
      'OVERLAY_NOT_WIDER',
      'an overlay of /14 or shorter, or an underlay of /18 or longer',
    ],
    ['250.0.0.0/16', '10.0.0.0/8', 'OVERLAY_NOT_WIDER', 'an overlay of /6 or shorter, or an underlay of /18 or longer'],
    ['250.1.2.3/32', '10.0.3.4/32', 'OVERLAY_NOT_WIDER', 'use an overlay of /30 or shorter, or the usual pair'],
    ['250.0.0.0/15', '10.0.0.0/16', 'SLICE_TOO_SMALL', 'an overlay of /14 or shorter'],
    ['250.1.2.2/31', '10.0.3.4/32', 'SLICE_TOO_SMALL', 'an overlay of /30 or shorter'],
    ['0.0.0.0/8', '10.0.0.0/16', 'OVERLAY_RESERVED', '250.0.0.0/8'],
    ['0.0.0.0/0', '10.0.0.0/16', 'OVERLAY_RESERVED', '250.0.0.0/8'],
    ['127.0.0.0/8', '10.0.0.0/16', 'OVERLAY_RESERVED', '250.0.0.0/8'],
    ['127.200.0.0/16', '10.0.0.0/24', 'OVERLAY_RESERVED', '250.0.0.0/8'],
    ['64.0.0.0/2', '10.0.0.0/16', 'OVERLAY_RESERVED', '250.0.0.0/8'],
    ['224.0.0.0/4', '10.0.0.0/16', 'OVERLAY_RESERVED', '250.0.0.0/8'],
    ['239.0.0.0/8', '10.0.0.0/16', 'OVERLAY_RESERVED', '250.0.0.0/8'],
    ['10.0.0.0/8', '10.0.0.0/16', 'OVERLAY_ON_UNDERLAY', '250.0.0.0/8'],
    ['172.16.0.0/12', '172.31.0.9/20', 'OVERLAY_ON_UNDERLAY', '250.0.0.0/8'],
  ])('%s over %s: %s, with the hint %j', (overlay, underlay, code, hint) => {
    const error = errorOf(() => fanMap(prefix(overlay), prefix(underlay)))
    expect(error.code).toBe(code)
    expect(error.exitCode).toBe(2)
    expect(error.message).toContain(overlay)
    expect(error.hint).toContain(hint)
  })

  test.each([
    ['250.0.0.0/16', '10.0.0.0/16', '250.0.0.0/14', '10.0.0.0/16'],
    ['250.0.0.0/16', '10.0.0.0/16', '250.0.0.0/16', '10.0.0.0/18'],
    ['250.0.0.0/15', '10.0.0.0/16', '250.0.0.0/14', '10.0.0.0/16'],
    ['250.3.0.0/8', '10.0.0.0/16', '250.0.0.0/8', '10.0.0.0/16'],
  ])('%s over %s, and what the hint says instead is accepted: %s over %s', (overlay, underlay, better, longer) => {
    expect(() => fanMap(prefix(overlay), prefix(underlay))).toThrow()
    expect(fanMap(prefix(better), prefix(longer)).overlay).toEqual(prefix(better))
  })
})

test.each([
  ['128.0.0.0/2', '10.0.0.0/16'],
  ['112.0.0.0/5', '10.0.0.0/16'],
  ['126.0.0.0/8', '10.0.0.0/16'],
  ['1.0.0.0/8', '10.0.0.0/16'],
  ['223.0.0.0/8', '10.0.0.0/16'],
  ['240.0.0.0/4', '10.0.0.0/16'],
  ['11.0.0.0/8', '10.0.0.0/16'],
])('%s over %s is next to what is refused, and accepted', (overlay, underlay) => {
  expect(fanMap(prefix(overlay), prefix(underlay)).overlay).toEqual(prefix(overlay))
})

test('the host bits of the underlay are dropped: they name a host', () => {
  expect(fanMap(prefix('250.0.0.0/8'), prefix('10.0.3.4/16'))).toEqual(usual)
})

test('a map is made of any two networks, or the reason is one of the five', () => {
  const anyPrefix = fc
    .tuple(anyAddress, fc.integer({ min: 0, max: 32 }))
    .map(([bits, length]) => ({ address: bits, length }))
  const five = ['OVERLAY_HOST_BITS', 'OVERLAY_NOT_WIDER', 'SLICE_TOO_SMALL', 'OVERLAY_RESERVED', 'OVERLAY_ON_UNDERLAY']
  fc.assert(
    fc.property(anyPrefix, anyPrefix, fc.boolean(), (given, underlay, hostBits) => {
      const overlay = hostBits ? given : networkOf(given)
      const valid =
        networkOf(overlay).address === overlay.address &&
        overlay.length + 2 <= underlay.length &&
        ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/4'].every((text) => !overlaps(overlay, prefix(text))) &&
        !overlaps(overlay, underlay)
      if (valid) expect(fanMap(overlay, underlay)).toEqual({ overlay, underlay: networkOf(underlay) })
      else expect(five).toContain(errorOf(() => fanMap(overlay, underlay)).code)
    }),
  )
})

test.each([['10.1.3.4'], ['9.255.255.255'], ['250.3.4.1']])('a host outside the underlay has no slice: %s', (host) => {
  const error = errorOf(() => sliceOf(usual, address(host)))
  expect(error.code).toBe('HOST_OUTSIDE_UNDERLAY')
  expect(error.message).toBe(`${host} is not in the underlay 10.0.0.0/16`)
})

test.each([['251.0.0.0'], ['249.255.255.255'], ['10.0.3.4']])(
  'an address outside the overlay has no owner: %s',
  (inside) => {
    const error = errorOf(() => ownerOf(usual, address(inside)))
    expect(error.code).toBe('ADDRESS_OUTSIDE_OVERLAY')
    expect(error.message).toBe(`${inside} is not in the overlay 250.0.0.0/8`)
  },
)

test.each([
  ['250.3.4.0/24', 0, '1 to 253'],
  ['250.3.4.0/24', -1, '1 to 253'],
  ['250.3.4.0/24', 254, '1 to 253'],
  ['250.3.4.0/24', 1.5, '1 to 253'],
  ['250.3.4.0/24', Number.NaN, '1 to 253'],
  ['250.0.3.252/30', 2, '1 to 1'],
])('the slice %s has no room for a host reserve of %d, and the hint says %s', (slice, reserve, range) => {
  const error = errorOf(() => poolOf(prefix(slice), reserve))
  expect(error.code).toBe('HOST_RESERVE_INVALID')
  expect(error.hint).toContain(range)
})

test.each([
  ['0.0.0.0/0', '128.0.0.0/1', 'OVERLAY_RESERVED'],
  ['250.1.2.3/32', '10.0.0.0/1', 'OVERLAY_NOT_WIDER'],
])('%s over %s is %s, and no hint names an impossible length', (overlay, underlay, code) => {
  const error = errorOf(() => fanMap(prefix(overlay), prefix(underlay)))
  expect(error.code).toBe(code)
  expect(error.hint).not.toMatch(/use ;|\/-/)
})
