import { describe, expect, test } from 'vitest'
import {
  bridgeAddressOf,
  fanPoolOf,
  fanSliceOf,
  hostTextOf,
  linksOf,
  tunnelOf,
  typeOptionsOf,
} from '../../src/core/fan.js'
import { formatPrefix } from '../../src/core/ipv4.js'
import { address, fan, prefix } from './support.js'

describe('the bridge of a fan has', () => {
  test.each([
    // ipip routes the overlay, so the slice is what is on the link; vxlan has all of the overlay there.
    ['ipip', '250.0.0.0/8', '10.0.3.4/16', '250.3.4.1/24'],
    ['vxlan', '250.0.0.0/8', '10.0.3.4/16', '250.3.4.1/8'],
    ['vxlan', '250.1.0.0/16', '192.168.7.9/24', '250.1.9.1/16'],
    ['ipip', '240.0.0.0/5', '10.88.129.2/20', '240.129.0.1/17'],
  ] as const)('over %s, %s and %s the address %s', (type, overlay, underlay, expected) => {
    expect(formatPrefix(bridgeAddressOf(fan({ type, overlay, underlay })))).toBe(expected)
  })
})

describe('the tunnel of a fan', () => {
  test.each([
    ['ipip', '250.0.0.0/8', 'ftun0'],
    ['ipip', '100.64.0.0/10', 'ftun0'],
    ['vxlan', '250.0.0.0/8', 'ftun-250'],
    ['vxlan', '100.64.0.0/10', 'ftun-100-64'],
  ] as const)('over %s and %s is %s', (type, overlay, tunnel) => {
    expect(tunnelOf(fan({ type, overlay }))).toBe(tunnel)
  })
})

test('a fan knows its slice, its pool and its host', () => {
  const one = fan({ hostReserve: 9 })
  expect(fanSliceOf(one)).toEqual(prefix('250.3.4.0/24'))
  expect(fanPoolOf(one)).toEqual({ first: address('250.3.4.10'), last: address('250.3.4.254') })
  expect(hostTextOf(one)).toBe('10.0.3.4/16')
})

test('a fan has the options of its type, as they were given or by default', () => {
  expect(typeOptionsOf(fan())).toEqual({})
  expect(typeOptionsOf(fan({ type: 'vxlan' }))).toEqual({ vni: 16_384_000, port: 8472 })
  expect(typeOptionsOf(fan({ type: 'vxlan', vni: 7 }))).toEqual({ vni: 7, port: 8472 })
})

test.each([
  ['ipip', 'ebpf', 'ftun0'],
  ['ipip', 'routes', 'ftun0'],
  // A link with a map cannot be shared.
  ['ipip', 'fan-map', 'ftun-250'],
  ['vxlan', 'ebpf', 'ftun-250'],
] as const)('the links of a fan over %s steered by %s are its bridge and %s', (type, steering, tunnel) => {
  expect(linksOf(fan({ type, steering }))).toEqual(['fan-250', tunnel])
})
