import { expect, test } from 'vitest'
import { type Attribute, encodeAttributes, text, u32 } from '../../src/kernel/attributes.js'
import { clsactRefusals, decodeFilter, filterRefusals } from '../../src/kernel/filters.js'
import { NetlinkError, type Refusals } from '../../src/kernel/refusals.js'

test.each<[what: string, Refusals, errno: string, module: string]>([
  ['clsact queues', clsactRefusals, 'ENOENT', 'sch_ingress'],
  ['clsact queues', clsactRefusals, 'EOPNOTSUPP', 'sch_ingress'],
  ['bpf filters', filterRefusals, 'ENOENT', 'cls_bpf'],
])('a kernel without a module for %s is known by its refusal (%$)', async (kind, refusals, errno, module) => {
  const cause = new NetlinkError('tc', errno)
  expect(await refusals[errno]?.(cause)).toMatchObject({ code: 'MODULE_MISSING', details: { module, kind }, cause })
})

/** struct tcmsg: family, index, handle, parent, then preference and protocol in one number. */
const message = (handle: number, kind: string, options: readonly Attribute[]) =>
  Buffer.concat([
    ...[0, 7, handle, 0, 3 * 65_536 + 1].map(u32),
    encodeAttributes([
      [1, text(kind)],
      [2, options],
    ]),
  ])
const where = { link: 'ftun0', direction: 'egress' } as const
const named: Attribute[] = [
  [7, text('fan_out_1234')],
  [11, u32(42)],
]

test('a filter with a program has its place, its name and the number of the program', () => {
  expect(decodeFilter(message(250, 'bpf', named), where)).toEqual({
    ...{ ...where, preference: 3, handle: 250, name: 'fan_out_1234', programId: 42 },
  })
})

test.each<[what: string, handle: number, kind: string, Attribute[]]>([
  ['the list of a preference', 0, 'bpf', named],
  ['a filter of another kind', 250, 'u32', named],
  ['one without a name', 250, 'bpf', named.slice(1)],
  ['one without a program of the kernel’s', 250, 'bpf', named.slice(0, 1)],
])('%s is none of those', (_, handle, kind, options) => {
  expect(decodeFilter(message(handle, kind, options), where)).toBeUndefined()
})
