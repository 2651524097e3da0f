import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  bridgeAddressOf,
  defaultVni,
  fanPoolOf,
  fanSliceOf,
  hostTextOf,
  macOf,
  portOf,
  tunnelOf,
  vniOf,
} from '../../src/core/fan.js'
import { formatPrefix } from '../../src/core/ipv4.js'
import { anyFan, anyHostOf } from './arbitraries.js'
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

  test('a hardware address made of the overlay and the host, so it survives a rebuild', () => {
    expect(macOf(fan(), 'bridge')).toBe('02:fa:0a:00:03:04')
    expect(macOf(fan(), 'tunnel')).toBe('06:fa:0a:00:03:04')
    expect(macOf(fan({ underlay: '192.168.255.1/16' }), 'bridge')).toBe('02:fa:c0:a8:ff:01')
  })

  test('a hardware address that no other host of the fan has: they share a layer-2 segment', () => {
    const hosts = anyFan.chain((one) => fc.tuple(fc.constant(one), anyHostOf(one)))
    fc.assert(
      fc.property(hosts, ([one, host]) => {
        const other = { ...one, host }
        const all = new Set([
          macOf(one, 'bridge'),
          macOf(one, 'tunnel'),
          macOf(other, 'bridge'),
          macOf(other, 'tunnel'),
        ])
        expect(all.size).toBe(host === one.host ? 2 : 4)
      }),
    )
  })

  test('a hardware address that is locally administered and of one station', () => {
    fc.assert(
      fc.property(anyFan, fc.constantFrom('bridge' as const, 'tunnel' as const), (one, role) => {
        expect(macOf(one, role)).toMatch(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/)
        expect(Number.parseInt(macOf(one, role).slice(0, 2), 16) % 4).toBe(2)
      }),
    )
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

  test.each([
    // LXD's values: the first three octets of the overlay.
    ['250.0.0.0/8', 16_384_000],
    ['240.0.0.0/8', 15_728_640],
    ['10.0.0.0/8', 655_360],
    ['172.31.0.0/16', 11_280_128],
  ])('has for %s the VNI %d, as in LXD', (overlay, vni) => {
    expect(defaultVni(prefix(overlay))).toBe(vni)
    expect(vniOf(fan({ type: 'vxlan', overlay, underlay: '192.168.0.1/24' }))).toBe(vni)
  })

  test('has the VNI and the port that were asked for, or the port of LXD and of Ubuntu', () => {
    expect(vniOf(fan({ type: 'vxlan', vni: 7 }))).toBe(7)
    expect(portOf(fan({ type: 'vxlan', port: 4789 }))).toBe(4789)
    expect(portOf(fan({ type: 'vxlan' }))).toBe(8472)
  })
})

test('a fan knows its slice, its pool and its host', () => {
  const one = fan({ hostReserve: 9 })
  expect(fanSliceOf(one)).toEqual(prefix('250.3.4.0/24'))
  expect(fanPoolOf(one)).toEqual({ first: address('250.3.4.10'), last: address('250.3.4.254') })
  expect(hostTextOf(one)).toBe('10.0.3.4/16')
})
