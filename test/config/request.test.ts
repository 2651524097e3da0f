import { describe, expect, test } from 'vitest'
import type { FanOptions } from '../../src/config/options/rows.js'
import { completeRequest, defaultsFor, mergeOptions } from '../../src/config/request.js'
import { readOverlay, readUnderlay } from '../../src/config/values.js'
import { fanNetworks } from '../../src/core/networks.js'
import { errorOf } from '../core/support.js'

const named = (underlay: string, overlay: string) =>
  fanNetworks({ overlay: readOverlay('the overlay', overlay), underlay: readUnderlay('the underlay', underlay) })
const networks = named('10.0.3.4/16', '250.0.0.0/8')

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
    expect(completeRequest(networks, { mtu: 1400 })).toMatchObject({
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
    const error = errorOf(() => completeRequest(networks, options))
    expect(error.code).toBe(code)
    expect(error.message).toContain(about)
  })

  test('may leave the address to the host, whose slice is as large wherever it is', () => {
    const device = named('eth0/30', '250.0.0.0/28')
    expect(completeRequest(device, { hostReserve: 1 }).underlay).toEqual({ kind: 'device', device: 'eth0', length: 30 })
    expect(errorOf(() => completeRequest(device, { hostReserve: 2 })).code).toBe('HOST_RESERVE_INVALID')
  })
})

test.each([
  ['ipip', { bridge: 'fan-250' }],
  ['vxlan', { bridge: 'fan-250', vni: 16_384_000, port: 8472 }],
] as const)('what follows from the overlay is a default, too, where %s has it', (encapsulation, computed) => {
  const usual = { encapsulation: 'ipip', steering: 'auto', dhcp: false, nat: true, hostReserve: 1, enable: false }
  expect(defaultsFor({ overlay: networks.overlay, encapsulation })).toEqual({ ...usual, ...computed })
})
