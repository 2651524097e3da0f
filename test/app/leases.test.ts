import { expect, test } from 'vitest'
import { listLeases } from '../../src/app/leases.js'
import { FanError } from '../../src/core/errors.js'
import { resultSchemas } from '../../src/results/results.js'
import { address } from '../core/support.js'

test('the leases of every bridge are listed, and those that cannot be read are a warning', () => {
  const lease = { address: address('250.3.4.9'), mac: '02:00:5e:00:53:01', hostname: undefined, expires: undefined }
  const problem = new FanError('FILE_UNUSABLE', { path: '/var/lib/fanctl/fan-251.leases', problem: 'EACCES' })
  const view = listLeases({
    leases: () => [
      { bridge: 'fan-250', leases: [lease, { ...lease, hostname: 'c1', expires: new Date(0) }], problem: undefined },
      { bridge: 'fan-251', leases: [], problem },
    ],
  })
  const common = { bridge: 'fan-250', address: '250.3.4.9', mac: '02:00:5e:00:53:01' }
  expect(view).toEqual({
    format: 1,
    leases: [
      { ...common, hostname: null, expires: null },
      { ...common, hostname: 'c1', expires: '1970-01-01T00:00:00.000Z' },
    ],
    warnings: [problem.message],
  })
  expect(resultSchemas.leases.parse(view)).toEqual(view)
})
