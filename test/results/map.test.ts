import { expect, test } from 'vitest'
import { fanMap } from '../../src/core/fan-map.js'
import { viewMap, viewMapped } from '../../src/results/map.js'
import { address, prefix } from '../core/support.js'
import { expectToFit } from './fits.js'

test('a map is its networks and numbers, and a row for each address', () => {
  const row = viewMapped({
    address: address('250.7.8.9'),
    side: 'overlay',
    host: address('10.0.7.8'),
    slice: prefix('250.7.8.0/24'),
  })
  expect(row).toEqual({
    address: '250.7.8.9',
    side: 'overlay',
    host: '10.0.7.8',
    slice: '250.7.8.0/24',
    gateway: '250.7.8.1',
    pool: { first: '250.7.8.2', last: '250.7.8.254' },
  })
  const head = viewMap(fanMap(prefix('250.0.0.0/8'), prefix('10.0.3.4/16')))
  expect(head).toEqual({
    format: 1,
    overlay: '250.0.0.0/8',
    underlay: '10.0.0.0/16',
    hosts: 65_536,
    addressesPerHost: 253,
    sliceLength: 24,
  })
  expectToFit('map', { ...head, addresses: [row], warnings: [] })
})
