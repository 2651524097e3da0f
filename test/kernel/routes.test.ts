/** Messages byte by byte, and back. */
import { endianness } from 'node:os'
import { describe, expect, test } from 'vitest'
import type { Fan } from '../../src/core/fan.js'
import { steeringOf } from '../../src/core/steerings/steerings.js'
import { NetlinkError } from '../../src/kernel/refusals.js'
import { decodeRoute, refusalsOf, routeMessage } from '../../src/kernel/routes.js'
import { fan, prefix } from '../core/support.js'
import { hex } from './hex.js'

const routesOf = (one: Fan) => steeringOf(one).routes(one)

const nameOf = (index: number) => `link ${index}`

test.each(['ipip', 'vxlan'] as const)('routes of %s read back as they were', (type) => {
  for (const route of routesOf(fan({ type, underlay: '10.0.3.4/24', steering: 'routes' })))
    expect(decodeRoute(routeMessage(7, route), nameOf)).toEqual({ ...route, link: 'link 7', isStatic: true })
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

test('routes of other tables are none of ours', () => {
  const [route] = routesOf(fan())
  const message = route ? routeMessage(7, route) : Buffer.alloc(12)
  message[4] = 255
  expect(decodeRoute(message, nameOf)).toBeUndefined()
})

describe('what a route may lack', () => {
  // struct rtmsg: family, length of the destination, table main, type unicast.
  const message = (length: number) => Buffer.from([2, length, 0, 0, 254, 3, 0, 1, 0, 0, 0, 0])

  test('is the destination where it is the default route', () => {
    expect(decodeRoute(message(0), nameOf)).toMatchObject({ prefix: prefix('0.0.0.0/0'), link: 'link 0' })
  })

  test('is no destination anywhere else', () => {
    expect(() => decodeRoute(message(8), nameOf)).toThrow('lacks RTA_DST')
  })
})

test('only a route with an outer header needs lightweight tunnels', async () => {
  const routes = routesOf(fan({ underlay: '10.0.3.4/29', steering: 'routes' }))
  const meaningFor = async (request: number) =>
    await refusalsOf(routes)['EOPNOTSUPP']?.(new NetlinkError('ip route add', 'EOPNOTSUPP', undefined, request))
  expect(await meaningFor(1)).toMatchObject({ code: 'MODULE_MISSING', details: { module: 'ip_tunnel' } })
  expect(await meaningFor(0)).toBeUndefined()
})
