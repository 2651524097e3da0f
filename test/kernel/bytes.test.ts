/** Messages to the kernel and back, byte by byte, where the kernel that would refuse wrong ones may not be at hand. */
import { endianness } from 'node:os'
import { describe, expect, test } from 'vitest'
import { tunnelsOf } from '../../src/core/desired-links.js'
import type { Fan } from '../../src/core/fan.js'
import { steeringOf } from '../../src/core/steerings/steerings.js'
import type { TypeName } from '../../src/core/types/types.js'
import { decodeAttributes, encodeAttributes } from '../../src/kernel/attributes.js'
import { decodeFanMap, encodeFanMap, fanMapAttribute } from '../../src/kernel/fan-maps.js'
import { kindData } from '../../src/kernel/links.js'
import { decodeNeighbour, neighbourMessage } from '../../src/kernel/neighbours.js'
import { decodeRoute, routeMessage } from '../../src/kernel/routes.js'
import { factsFor, fan, prefix } from '../core/support.js'

const hex = (bytes: Buffer | undefined) =>
  bytes
    ?.toString('hex')
    .replaceAll(/(.{8})/g, '$1 ')
    .trim()
const routesOf = (one: Fan) => steeringOf(one).routes(one)
const neighboursOf = (one: Fan) => steeringOf(one).neighbours(one)
const map = { overlay: prefix('250.0.0.0/8'), underlay: prefix('10.88.0.0/16') }

// The expected bytes are those of a little-endian machine.
describe.runIf(endianness() === 'LE')('a fan map', () => {
  test('is one attribute in attribute 33: underlay, overlay, then both lengths in the order of the machine', () => {
    expect(hex(encodeAttributes([encodeFanMap(map)]))).toBe('14002180 10000100 0a580000 fa000000 10000800')
  })

  test('goes with the address, and on vxlan with VNI and port, of a link that is not external', () => {
    const dataOf = (type: TypeName) => {
      const one = fan({ type, steering: 'fan-map', underlay: '10.88.3.4/16' })
      const [link] = tunnelsOf([one], factsFor([one]))
      return link && hex(encodeAttributes(kindData(link)))
    }
    const mapping = '14002180 10000100 0a580000 fa000000 10000800'
    expect(dataOf('ipip')).toBe(`08000200 0a580304 ${mapping}`)
    expect(dataOf('vxlan')).toBe(`05000700 00000000 06000f00 21180000 08000100 0000fa00 08000400 0a580304 ${mapping}`)
  })

  test('reads back as it was written', () => {
    const data = decodeAttributes(encodeAttributes([encodeFanMap(map)]))
    expect(decodeFanMap(data.get(fanMapAttribute))).toEqual(map)
  })

  test.each([
    ['nothing', ''],
    ['the reserved bits of vxlan, which have the same number since Linux 6.14', 'f7ffffff 000000ff'],
    ['an attribute of another type', '10000200 0a580000 fa000000 10000800'],
    ['a mapping that is cut off', '0c000100 0a580000 fa000000'],
    ['16 bytes that are no attribute', 'ffffffff ffffffff ffffffff ffffffff'],
    [
      'two mappings, which fanctl never makes',
      '10000100 0a580000 fa000000 10000800 10000100 0a590000 fb000000 10000800',
    ],
  ])('is not what reads as %s', (_, text) => {
    expect(decodeFanMap(Buffer.from(text.replaceAll(' ', ''), 'hex'))).toBeUndefined()
  })
})

describe.each(['ipip', 'vxlan'] as const)('%s: what the kernel is told', (type) => {
  const one = fan({ type, underlay: '10.0.3.4/24', steering: 'routes' })

  test('of routes reads back as it was', () => {
    for (const route of routesOf(one)) {
      const { link: _, ...rest } = route
      expect(decodeRoute(routeMessage(7, route))).toEqual({ ...rest, index: 7, isStatic: true, isConnected: false })
    }
  })

  test('of next hops reads back as it was', () => {
    for (const neighbour of neighboursOf(one)) {
      const { link: _, ...rest } = neighbour
      expect(decodeNeighbour(neighbourMessage(7, neighbour))).toEqual({ ...rest, index: 7 })
    }
  })
})

test.runIf(endianness() === 'LE')('a route with an outer header has the attributes of the kernel’s headers', () => {
  const route = routesOf(fan({ type: 'vxlan', underlay: '10.0.3.4/24', steering: 'routes', vni: 7 })).at(-1)
  expect(route && hex(routeMessage(9, route))).toBe(
    [
      '02100000 fe040001 04000000',
      '08000100 fafe0000 08000400 09000000 08000700 fa040001 08000500 fafe0001 06001500 02000000',
      '28001680 0c000100 00000000 00000007 08000200 0a0003fe 08000300 0a000304 05000400 40000000',
    ].join(' '),
  )
})

test('routes of other tables, and next hops that were learned, are none of ours', () => {
  const [route] = routesOf(fan())
  const message = route ? routeMessage(7, route) : Buffer.alloc(12)
  message[4] = 255
  expect(decodeRoute(message)).toBeUndefined()
  const [neighbour] = neighboursOf(fan({ type: 'vxlan', underlay: '10.0.3.4/24', steering: 'routes' }))
  const learned = neighbour ? neighbourMessage(7, neighbour) : Buffer.alloc(12)
  learned.writeUInt16LE(4, 8)
  expect(decodeNeighbour(learned)).toBeUndefined()
})
