import { expect, test } from 'vitest'
import { clsactRefusals, filterRefusals } from '../../src/kernel/filters.js'
import { NetlinkError, type Refusals } from '../../src/kernel/refusals.js'

test.each<[what: string, Refusals, errno: string, module: string]>([
  ['clsact queues', clsactRefusals, 'ENOENT', 'sch_ingress'],
  ['clsact queues', clsactRefusals, 'EOPNOTSUPP', 'sch_ingress'],
  ['bpf filters', filterRefusals, 'ENOENT', 'cls_bpf'],
])('a kernel without a module for %s is known by its refusal (%$)', async (kind, refusals, errno, module) => {
  const cause = new NetlinkError('tc', errno)
  expect(await refusals[errno]?.(cause)).toMatchObject({ code: 'MODULE_MISSING', details: { module, kind }, cause })
})
