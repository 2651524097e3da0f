import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { makeFan } from '../../src/core/make-fan.js'
import { fanNetworks } from '../../src/core/networks.js'
import { anyFan } from './arbitraries.js'
import { errorOf, fan, prefix } from './support.js'

const { overlay: _, underlay: __, host: ___, underlayReference: ____, bridge: _____, ...settings } = fan()
const networks = (underlay: string) =>
  fanNetworks({ overlay: prefix('250.0.0.0/8'), underlay: { kind: 'prefix', prefix: prefix(underlay) } })

test('any fan is made of its networks, its settings and its host', () => {
  fc.assert(
    fc.property(anyFan, (one) => {
      const named = fanNetworks({ overlay: one.overlay, underlay: one.underlayReference })
      expect(makeFan(named, one, { address: one.host, length: one.underlay.length })).toEqual(one)
    }),
  )
})

test('its bridge is named after the overlay, unless somebody named it', () => {
  expect(makeFan(networks('10.0.0.0/16'), settings, prefix('10.0.3.4/16')).bridge).toBe('fan-250')
  expect(makeFan(networks('10.0.0.0/16'), { ...settings, bridge: 'br7' }, prefix('10.0.3.4/16')).bridge).toBe('br7')
})

test('it is over the network of its host, whatever network it was asked for over', () => {
  const moved = makeFan(networks('10.0.0.0/16'), settings, prefix('10.1.3.4/16'))
  expect(moved).toMatchObject({ underlay: prefix('10.1.0.0/16'), host: prefix('10.1.3.4/16').address })
})

describe('no fan is made', () => {
  test.each([
    ['at an address that no host can have', {}, '10.0.0.0/16', 'HOST_UNUSABLE'],
    ['at a broadcast address', {}, '10.0.255.255/16', 'HOST_UNUSABLE'],
    ['over a network of the overlay', {}, '250.0.3.4/16', 'OVERLAY_ON_UNDERLAY'],
    ['with more reserved than its slice has', { hostReserve: 254 }, '10.0.3.4/16', 'HOST_RESERVE_INVALID'],
    ['with more routes than a host can have', { steering: 'routes' }, '10.0.3.4/16', 'ROUTES_TOO_MANY'],
  ] as const)('%s', (_, more, host, code) => {
    expect(errorOf(() => makeFan(networks('10.0.0.0/16'), { ...settings, ...more }, prefix(host))).code).toBe(code)
  })
})
