import { expect, test } from 'vitest'
import { fanNetworks } from '../../src/core/networks.js'
import { errorOf, prefix } from './support.js'

test('networks of which the underlay is known carry their map', () => {
  const networks = fanNetworks({
    overlay: prefix('250.0.0.0/8'),
    underlay: { kind: 'prefix', prefix: prefix('10.0.3.4/16') },
  })
  expect(networks.map).toEqual({ overlay: prefix('250.0.0.0/8'), underlay: prefix('10.0.0.0/16') })
})

test('a device has a map once its host is known', () => {
  const named = { overlay: prefix('250.0.0.0/8'), underlay: { kind: 'device', device: 'eth0', length: 16 } as const }
  expect(fanNetworks(named)).toEqual({ ...named, map: undefined })
})

test.each([
  ['250.1.0.0/8', '10.0.0.0/16', 'OVERLAY_HOST_BITS'],
  ['10.0.0.0/8', '10.0.0.0/16', 'OVERLAY_ON_UNDERLAY'],
  ['250.0.0.0/16', '10.0.0.0/16', 'OVERLAY_NOT_WIDER'],
])('%s over %s is no fan: %s', (overlay, underlay, code) => {
  const named = { overlay: prefix(overlay), underlay: { kind: 'prefix', prefix: prefix(underlay) } as const }
  expect(errorOf(() => fanNetworks(named)).code).toBe(code)
})

test.each([
  ['250.1.0.0/8', 16, 'OVERLAY_HOST_BITS'],
  ['250.0.0.0/28', 29, 'SLICE_TOO_SMALL'],
])('%s over the /%i of a device is none: %s', (overlay, length, code) => {
  const named = { overlay: prefix(overlay), underlay: { kind: 'default', length } as const }
  expect(errorOf(() => fanNetworks(named)).code).toBe(code)
})
