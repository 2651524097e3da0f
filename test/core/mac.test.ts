import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hostOfMac, macOf, macRoleOf } from '../../src/core/mac.js'
import { anyFan, anyHostOf } from './arbitraries.js'
import { address, fan } from './support.js'

describe('a link of a fan has', () => {
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

  test('a hardware address that tells what it is for, and of whose bridge it is', () => {
    expect(macRoleOf('02:fa:0a:00:03:04')).toBe('bridge')
    expect(macRoleOf('06:fa:0a:00:03:04')).toBe('tunnel')
    expect(macRoleOf('52:54:00:00:03:04')).toBeUndefined()
    expect(hostOfMac('02:fa:0a:00:03:04')).toBe(address('10.0.3.4'))
    expect(hostOfMac('06:fa:0a:00:03:04')).toBeUndefined()
    expect(hostOfMac('')).toBeUndefined()
  })
})
