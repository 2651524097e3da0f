import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addressesPerHostOf,
  fanMap,
  gatewayOf,
  hostsOf,
  largestReserveOf,
  ownerOf,
  poolOf,
  sliceOf,
  unusableRoleOf,
} from '../../src/core/fan-map.js'
import { contains, formatAddress, formatPrefix, lastOf, overlaps, sizeOf } from '../../src/core/ipv4.js'
import { anyAddressOf, anyHostOf, anyMap } from './arbitraries.js'
import { address, prefix } from './support.js'

/** Any valid map, two of its addresses on each side. */
const anyPlace = anyMap.chain((map) =>
  fc.record({
    map: fc.constant(map),
    host: anyAddressOf(map.underlay),
    other: anyAddressOf(map.underlay),
    inside: anyAddressOf(map.overlay),
  }),
)

describe('the arithmetic agrees with', () => {
  test.each([
    // The comment above ipip_build_fan_iphdr in Ubuntu's net/ipv4/ipip.c, and fanctl(8).
    ['99.0.0.0/8', '10.88.3.4/16', '99.3.4.0/24'],
    ['99.0.0.0/8', '10.99.238.5/20', '99.224.80.0/20'],
    ['33.0.0.0/8', '10.111.1.2/12', '33.240.16.32/28'],
    ['240.0.0.0/5', '10.88.129.2/20', '240.129.0.0/17'],
    ['240.0.0.0/5', '10.88.244.215/20', '242.107.128.0/17'],
    ['100.64.0.0/10', '10.224.220.10/24', '100.66.128.0/18'],
    ['250.0.0.0/8', '172.16.3.4/16', '250.3.4.0/24'],
    // fanAddress in LXD's lxd/network/driver_bridge.go, and the README of ubuntu-fan.
    ['250.0.0.0/8', '10.0.3.4/16', '250.3.4.0/24'],
    ['250.1.0.0/16', '192.168.7.9/24', '250.1.9.0/24'],
    ['10.0.0.0/8', '172.16.3.4/16', '10.3.4.0/24'],
    // The ends of what is possible.
    ['128.0.0.0/2', '10.0.3.4/32', '128.0.0.0/2'],
    ['250.0.0.0/8', '10.0.0.255/10', '250.0.3.252/30'],
    ['250.0.0.0/28', '10.0.0.3/30', '250.0.0.12/30'],
    ['240.0.0.0/4', '10.255.255.255/8', '255.255.255.240/28'],
  ])('its known users: %s over %s gives the slice %s', (overlay, underlay, slice) => {
    const map = fanMap(prefix(overlay), prefix(underlay))
    const host = prefix(underlay).address
    expect(formatPrefix(sliceOf(map, host))).toBe(slice)
    expect(formatAddress(ownerOf(map, prefix(slice).address))).toBe(formatAddress(host))
    expect(formatAddress(ownerOf(map, lastOf(prefix(slice))))).toBe(formatAddress(host))
  })

  test.each([
    ['100.64.0.0/10', '10.224.220.0/24', '100.66.200.5', '10.224.220.11'],
    ['250.0.0.0/8', '10.0.0.0/16', '250.7.8.9', '10.0.7.8'],
    ['240.0.0.0/5', '10.88.240.0/20', '242.107.200.1', '10.88.244.215'],
    ['250.0.0.0/8', '192.168.0.0/16', '250.255.255.255', '192.168.255.255'],
  ])('its inverse: %s over %s sends %s to %s', (overlay, underlay, inside, owner) => {
    expect(formatAddress(ownerOf(fanMap(prefix(overlay), prefix(underlay)), address(inside)))).toBe(owner)
  })
})

describe('for every valid map', () => {
  test('the owner of any address of a slice is the host of the slice', () => {
    fc.assert(
      fc.property(
        anyPlace.chain(({ map, host }) =>
          fc.tuple(fc.constant(map), fc.constant(host), anyAddressOf(sliceOf(map, host))),
        ),
        ([map, host, inside]) => {
          expect(ownerOf(map, inside)).toBe(host)
        },
      ),
    )
  })

  test('an address of the overlay is in the slice of its owner, who is in the underlay', () => {
    fc.assert(
      fc.property(anyPlace, ({ map, inside }) => {
        const owner = ownerOf(map, inside)
        expect(contains(map.underlay, owner)).toBe(true)
        expect(contains(sliceOf(map, owner), inside)).toBe(true)
      }),
    )
  })

  test('the slices of different hosts never overlap', () => {
    fc.assert(
      fc.property(anyPlace, ({ map, host, other }) => {
        expect(overlaps(sliceOf(map, host), sliceOf(map, other))).toBe(host === other)
      }),
    )
  })

  test('a slice lies in the overlay, and all slices together are the overlay', () => {
    fc.assert(
      fc.property(anyPlace, ({ map, host }) => {
        const slice = sliceOf(map, host)
        expect(contains(map.overlay, slice.address) && contains(map.overlay, lastOf(slice))).toBe(true)
        expect(sizeOf(slice.length) * hostsOf(map)).toBe(sizeOf(map.overlay.length))
      }),
    )
  })

  test('gateway and pool lie in the slice, apart, and never on its network or broadcast address', () => {
    fc.assert(
      fc.property(
        anyPlace.chain(({ map, host }) => {
          const slice = sliceOf(map, host)
          return fc.tuple(fc.constant(slice), fc.integer({ min: 1, max: largestReserveOf(slice) }))
        }),
        ([slice, reserve]) => {
          const { first, last } = poolOf(slice, reserve)
          expect(gatewayOf(slice)).toBe(slice.address + 1)
          expect(first).toBe(gatewayOf(slice) + reserve)
          expect(last).toBe(lastOf(slice) - 1)
          expect(first <= last).toBe(true)
        },
      ),
    )
  })

  test('a host that a machine can be is one that can be used', () => {
    fc.assert(
      fc.property(
        anyMap.chain((map) => fc.tuple(fc.constant(map), anyHostOf(map))),
        ([map, host]) => {
          expect(unusableRoleOf(map, host)).toBeUndefined()
        },
      ),
    )
  })
})

describe('a pool', () => {
  test.each([
    ['250.3.4.0/24', 1, '250.3.4.2', '250.3.4.254'],
    ['250.3.4.0/24', 10, '250.3.4.11', '250.3.4.254'],
    ['250.3.4.0/24', 253, '250.3.4.254', '250.3.4.254'],
    ['250.0.3.252/30', 1, '250.0.3.254', '250.0.3.254'],
    ['240.129.0.0/17', 1, '240.129.0.2', '240.129.127.254'],
  ])('of %s with %d reserved is %s to %s', (slice, reserve, first, last) => {
    expect(poolOf(prefix(slice), reserve)).toEqual({ first: address(first), last: address(last) })
  })

  test('keeps only the gateway out when nothing is said', () => {
    expect(poolOf(prefix('250.3.4.0/24'))).toEqual(poolOf(prefix('250.3.4.0/24'), 1))
  })

  test('has an address for all but network, gateway and broadcast', () => {
    const map = fanMap(prefix('250.0.0.0/8'), prefix('10.0.0.0/16'))
    expect([hostsOf(map), addressesPerHostOf(map)]).toEqual([65_536, 253])
  })
})

test.each([
  ['10.0.0.0/16', '10.0.0.0', 'network'],
  ['10.0.0.0/16', '10.0.255.255', 'broadcast'],
  ['10.0.0.0/16', '10.0.0.255', undefined],
  ['10.0.0.0/30', '10.0.0.3', 'broadcast'],
  // RFC 3021: both addresses of a /31 are hosts; a /32 is one.
  ['10.0.0.0/31', '10.0.0.1', undefined],
  ['10.0.0.1/32', '10.0.0.1', undefined],
])('in the underlay %s, the role of %s that no machine can have is %s', (underlay, host, expected) => {
  expect(unusableRoleOf(fanMap(prefix('250.0.0.0/8'), prefix(underlay)), address(host))).toBe(expected)
})
