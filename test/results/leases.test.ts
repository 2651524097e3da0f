import { expect, test } from 'vitest'
import { viewLeases } from '../../src/results/leases.js'
import { address } from '../core/support.js'
import { expectToFit } from './fits.js'

test('a lease has null for a name that was not sent, and for a time that never comes', () => {
  const lease = { bridge: 'fan-250', mac: '02:00:00:00:00:07', client: '*' }
  const view = viewLeases({
    leases: [
      { ...lease, address: address('250.3.4.7'), hostname: 'web', expires: new Date('2025-06-15T15:06:40Z') },
      { ...lease, address: address('250.3.4.8'), hostname: undefined, expires: undefined },
    ],
    warnings: ['a file is damaged'],
  })
  const common = { bridge: 'fan-250', mac: '02:00:00:00:00:07' }
  expect(view).toEqual({
    format: 1,
    leases: [
      { ...common, address: '250.3.4.7', hostname: 'web', expires: '2025-06-15T15:06:40.000Z' },
      { ...common, address: '250.3.4.8', hostname: null, expires: null },
    ],
    warnings: ['a file is damaged'],
  })
  expectToFit('leases', view)
})
