import { describe, expect, test } from 'vitest'
import type { FanOptions } from '../../src/config/options/rows.js'
import { completeRequest, defaultsFor, type FanPlace, mergeOptions } from '../../src/config/request.js'
import { readOverlay, readUnderlay } from '../../src/config/values.js'
import { errorOf, prefix } from '../core/support.js'

const place: FanPlace = {
  overlay: readOverlay('the overlay', '250.0.0.0/8'),
  underlay: readUnderlay('the underlay', '10.0.3.4/16'),
}

describe('what is kept', () => {
  const kept: FanOptions = { encapsulation: 'vxlan', vni: 7, port: 4789, dhcp: true }

  test('is below what is said now', () => {
    expect(mergeOptions(kept, { dhcp: false })).toEqual({ ...kept, dhcp: false })
    expect(mergeOptions(kept, { encapsulation: 'vxlan', vni: 8 })).toEqual({ ...kept, vni: 8 })
  })

  test('is left out where only another type than the one that is said has it', () => {
    expect(mergeOptions(kept, { encapsulation: 'ipip' })).toEqual({ encapsulation: 'ipip', dhcp: true })
  })
})

describe('a request', () => {
  test('has the defaults for what is not said', () => {
    expect(completeRequest(place, { mtu: 1400 })).toMatchObject({
      ...{ encapsulation: 'ipip', steering: 'auto', dhcp: false, nat: true, hostReserve: 1, enable: false },
      mtu: 1400,
    })
  })

  test.each([
    [{ vni: 7 }, 'OPTION_NEEDS_VXLAN', '--vni'],
    [{ port: 99 }, 'OPTION_NEEDS_VXLAN', '--port'],
    [{ hostReserve: 254 }, 'HOST_RESERVE_INVALID', '254'],
    [{ steering: 'routes' }, 'ROUTES_TOO_MANY', '4096'],
  ] as const)('is refused before any host is asked: %j', (options, code, about) => {
    const error = errorOf(() => completeRequest(place, options))
    expect(error.code).toBe(code)
    expect(error.message).toContain(about)
  })

  test('may leave the address to the host, and is checked as far as its lengths tell', () => {
    const device = { ...place, underlay: readUnderlay('the underlay', 'eth0/30') }
    expect(completeRequest(device, {}).underlay).toEqual({ kind: 'device', device: 'eth0', length: 30 })
    const narrow = { overlay: prefix('250.0.0.0/30'), underlay: readUnderlay('the underlay', 'eth0/31') }
    expect(errorOf(() => completeRequest(narrow, {})).code).toBe('SLICE_TOO_SMALL')
  })
})

test.each([
  ['ipip', { bridge: 'fan-250' }],
  ['vxlan', { bridge: 'fan-250', vni: 16_384_000, port: 8472 }],
] as const)('what follows from the overlay is a default, too, where %s has it', (encapsulation, computed) => {
  const usual = { encapsulation: 'ipip', steering: 'auto', dhcp: false, nat: true, hostReserve: 1, enable: false }
  expect(defaultsFor({ overlay: place.overlay, encapsulation })).toEqual({ ...usual, ...computed })
})
