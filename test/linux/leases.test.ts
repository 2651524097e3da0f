import { describe, expect, test } from 'vitest'
import { FanError } from '../../src/core/errors.js'
import { lentBy } from '../../src/linux/leases.js'
import type { Dnsmasq } from '../../src/services/dnsmasq.js'
import { address } from '../core/support.js'

const lease = (expires: Date | undefined) => ({
  ...{ expires, address: address('250.3.4.10'), mac: '02:00:00:00:00:01', hostname: undefined, client: '*' },
})
const serving = (leases: Dnsmasq['leases']) => lentBy({ leases })

describe('addresses that DHCP has lent', () => {
  test('are those that have not expired', () => {
    const leases = [lease(undefined), lease(new Date(Date.now() + 60_000)), lease(new Date(Date.now() - 60_000))]
    expect(serving(() => [{ bridge: 'fan-250', leases, problem: undefined }])).toEqual({ 'fan-250': 2 })
  })

  test('are not counted where they cannot be read', () => {
    const problem = new FanError('FILE_UNUSABLE', { path: '/x', problem: 'EACCES' })
    expect(serving(() => [{ bridge: 'fan-250', leases: [], problem }])).toEqual({})
    expect(
      serving(() => {
        throw problem
      }),
    ).toEqual({})
  })

  test('are a mistake where the mistake is ours', () => {
    expect(() =>
      serving(() => {
        throw new Error('a bug')
      }),
    ).toThrow('a bug')
  })
})
