import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Fan, tunnelOf } from '../../../src/core/fan.js'
import { gatewayOf, hostsOf, ownerOf, sliceOf } from '../../../src/core/fan-map.js'
import { ipv4, lastOf, samePrefix } from '../../../src/core/ipv4.js'
import { macOf } from '../../../src/core/mac.js'
import type { Route } from '../../../src/core/state.js'
import { routes as byRoutes } from '../../../src/core/steerings/routes.js'
import { steeringOf } from '../../../src/core/steerings/steerings.js'
import { vniOf } from '../../../src/core/types/vxlan/options.js'
import { anyFan } from '../arbitraries.js'
import { address, fan } from '../support.js'

const routesOf = (one: Fan) => steeringOf(one).routes(one)
const neighboursOf = (one: Fan) => steeringOf(one).neighbours(one)

const anyRoutedFan = anyFan.filter((one) => hostsOf(one) <= 64).map((one): Fan => ({ ...one, steering: 'routes' }))

/** The routes to single hosts. */
const tunnelled = (one: Fan) => routesOf(one).filter((route): route is Required<Route> => route.encap !== undefined)

describe('routes that steer', () => {
  test('lead to every other host that can be, each to its owner, and nowhere else', () => {
    fc.assert(
      fc.property(anyRoutedFan, (one) => {
        const hosts = Array.from({ length: hostsOf(one) }, (_, part) => ipv4(one.underlay.address + part))
        const unusable = hosts.length < 4 ? [] : [one.underlay.address, lastOf(one.underlay)]
        const others = hosts.filter((host) => host !== one.host && !unusable.includes(host))
        const routes = tunnelled(one)
        expect(routes.map(({ encap }) => encap.destination)).toEqual(others)
        for (const { prefix, encap } of routes) {
          expect(samePrefix(prefix, sliceOf(one, encap.destination))).toBe(true)
          for (const end of [prefix.address, lastOf(prefix)]) expect(ownerOf(one, end)).toBe(encap.destination)
        }
      }),
    )
  })

  test('send from this host, with the VNI of the fan, and come after one that takes the rest of the overlay', () => {
    fc.assert(
      fc.property(anyRoutedFan, (one) => {
        const source = gatewayOf(sliceOf(one, one.host))
        const [whole] = routesOf(one)
        expect(whole).toEqual({ prefix: one.overlay, link: tunnelOf(one), source })
        for (const route of tunnelled(one)) {
          expect(route).toMatchObject({ link: tunnelOf(one), source, encap: { source: one.host } })
          expect(route.encap.id).toBe(one.encapsulation === 'vxlan' ? vniOf(one) : 0)
        }
      }),
    )
  })

  test('have on vxlan the bridge of the other host as next hop, whose hardware address is computed', () => {
    fc.assert(
      fc.property(anyRoutedFan, (one) => {
        const isVxlan = one.encapsulation === 'vxlan'
        const routes = tunnelled(one)
        const neighbours = neighboursOf(one)
        expect(neighbours.map((next) => next.address)).toEqual(isVxlan ? routes.map(({ via }) => via) : [])
        for (const [index, { mac, address: next }] of neighbours.entries()) {
          const host = routes[index]?.encap.destination ?? ipv4(0)
          expect(next).toBe(gatewayOf(sliceOf(one, host)))
          expect(mac).toBe(macOf({ ...one, host }, 'bridge'))
        }
      }),
    )
  })
})

test.each([
  ['ipip', 'ebpf', 1],
  ['ipip', 'fan-map', 1],
  ['vxlan', 'ebpf', 0],
  ['vxlan', 'fan-map', 0],
] as const)('%s steered by %s has %d routes and no next hops', (type, steering, count) => {
  expect(routesOf(fan({ type, steering }))).toHaveLength(count)
  expect(neighboursOf(fan({ type, steering }))).toEqual([])
})

test('an underlay of /20 is the largest that routes steer in', () => {
  const last = fan({ underlay: '10.0.3.4/20' })
  expect(byRoutes.limit(last)).toBeUndefined()
  expect(tunnelled({ ...last, steering: 'routes' })).toHaveLength(4093)
  const limit = byRoutes.limit(fan({ underlay: '10.0.3.4/19' }))
  expect(limit?.error).toMatchObject({
    code: 'ROUTES_TOO_MANY',
    details: { underlay: '10.0.0.0/19', hosts: 8190 },
  })
  expect(limit?.words).toBe('the underlay has room for 8190 hosts; the limit is 4096')
})

test('in an underlay of two addresses the other one is a machine, too', () => {
  const [, route] = routesOf(fan({ overlay: '250.0.0.0/29', underlay: '10.0.3.4/31', steering: 'routes' }))
  expect(route?.encap?.destination).toBe(address('10.0.3.5'))
})
