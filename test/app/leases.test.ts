import { expect, test } from 'vitest'
import { listLeases } from '../../src/app/leases.js'
import { FanError } from '../../src/core/errors.js'
import { address } from '../core/support.js'

test('the leases of every bridge are listed, and those that cannot be read are a warning', () => {
  const lease = { address: address('250.3.4.9'), mac: '02:00:5e:00:53:01', hostname: undefined, expires: undefined }
  const named = { ...lease, hostname: 'c1', expires: new Date(0) }
  const problem = new FanError('FILE_UNUSABLE', { path: '/var/lib/fanctl/fan-251.leases', problem: 'EACCES' })
  const stored = [
    { bridge: 'fan-250', leases: [lease, named], problem: undefined },
    { bridge: 'fan-251', leases: [], problem },
  ]
  expect(listLeases({ leases: () => stored })).toEqual({
    leases: [
      { ...lease, bridge: 'fan-250' },
      { ...named, bridge: 'fan-250' },
    ],
    warnings: [problem.message],
  })
})
