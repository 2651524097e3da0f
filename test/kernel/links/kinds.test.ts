import { endianness } from 'node:os'
import { describe, expect, test } from 'vitest'
import { desiredState } from '../../../src/core/desired.js'
import type { ErrorCode } from '../../../src/core/error-catalogue.js'
import type { Link } from '../../../src/core/state.js'
import { decodeAttributes, encodeAttributes } from '../../../src/kernel/attributes.js'
import { creationRefusals, decodeKind, encodeKind } from '../../../src/kernel/links/kinds.js'
import { NetlinkError } from '../../../src/kernel/refusals.js'
import { type FanText, factsFor, fan } from '../../core/support.js'
import { hex } from '../hex.js'

function linkOf(kind: Link['kind'], text: FanText = {}): Link {
  const one = fan({ underlay: '10.88.3.4/16', ...text })
  const link = desiredState([one], factsFor([one])).links.find((found) => found.kind === kind)
  if (!link) throw new Error(`no ${kind} link`)
  return link
}
const links = {
  bridge: linkOf('bridge'),
  ipip: linkOf('ipip'),
  vxlan: linkOf('vxlan', { type: 'vxlan' }),
  'ipip with a map': linkOf('ipip', { steering: 'fan-map' }),
  'vxlan with a map': linkOf('vxlan', { type: 'vxlan', steering: 'fan-map' }),
}

// The expected bytes are those of a little-endian machine.
describe.runIf(endianness() === 'LE')('the data of a link', () => {
  const mapping = '14002180 10000100 0a580000 fa000000 10000800'
  test.each([
    ['bridge', ''],
    ['ipip', '04001300'],
    ['vxlan', '05000700 00000000 06000f00 21180000 05001900 01000000 05001e00 01000000'],
    ['ipip with a map', `08000200 0a580304 ${mapping}`],
    ['vxlan with a map', `05000700 00000000 06000f00 21180000 08000100 0000fa00 08000400 0a580304 ${mapping}`],
  ] as const)('of kind %s are %s', (kind, bytes) => {
    expect(hex(encodeAttributes(encodeKind(links[kind])))).toBe(bytes)
  })
})

test.each([
  ['bridge', {}],
  ['ipip', { fanMap: undefined }],
  ['vxlan', { port: 8472, vni: undefined, fanMap: undefined }],
  ['ipip with a map', { fanMap: { overlay: { length: 8 } } }],
  ['vxlan with a map', { port: 8472, vni: 16_384_000, fanMap: { overlay: { length: 8 } } }],
] as const)('what was said of a link of kind %s reads back', (kind, facts) => {
  const { kind: name, ...link } = links[kind]
  const data = decodeAttributes(encodeAttributes(encodeKind(links[kind])))
  expect(decodeKind(name, data)).toMatchObject(facts)
  if ('fanMap' in link) expect(decodeKind(name, data).fanMap).toEqual(link.fanMap)
})

test('links of other programs have data that nobody reads', () => {
  expect([decodeKind('veth', new Map()), decodeKind(undefined, new Map()), decodeKind('toString', new Map())]).toEqual([
    ...[{}, {}, {}],
  ])
})

describe('a link that the kernel does not make', () => {
  test.each<[keyof typeof links, errno: string, ErrorCode | undefined, says: string]>([
    ['ipip', 'EOPNOTSUPP', 'MODULE_MISSING', 'cannot create ipip links: its module ipip is missing'],
    ['vxlan', 'EOPNOTSUPP', 'MODULE_MISSING', 'its module vxlan is missing'],
    ['bridge', 'EOPNOTSUPP', 'MODULE_MISSING', 'its module bridge is missing'],
    ['ipip', 'EEXIST', 'TUNNEL_CONFLICT', 'external ipip link'],
    ['bridge', 'EEXIST', 'LINK_CONFLICT', 'fan-250'],
    ['vxlan', 'EEXIST', 'LINK_CONFLICT', 'ftun-250'],
    ['vxlan', 'EINVAL', 'KERNEL_TOO_OLD', '5.18'],
    // What means something for one kind means nothing special for another.
    ['bridge', 'EINVAL', undefined, ''],
    ['vxlan with a map', 'EINVAL', undefined, ''],
  ])('%s: %s is %s', async (kind, errno, code, says) => {
    const cause = new NetlinkError(`ip link add type ${kind}`, errno)
    const meaning = await creationRefusals(links[kind])[errno]?.(cause)
    expect(meaning?.code).toBe(code)
    if (meaning) expect(meaning).toMatchObject({ cause, message: expect.stringContaining(says) })
  })
})
