import { describe, expect, test } from 'vitest'
import { steeringNames } from '../../../src/core/steerings/names.js'
import { checkSteering, steeringOf, steerings, steeringsOf } from '../../../src/core/steerings/steerings.js'
import { typeNames } from '../../../src/core/types/types.js'
import { errorOf, fan } from '../support.js'

test('a type has its steerings in the order in which they are preferred', () => {
  for (const type of typeNames) expect(steeringsOf(type)).toEqual(['ebpf', 'fan-map', 'routes'])
})

describe('asking for a steering', () => {
  const wide = fan({ underlay: '10.0.3.4/8', overlay: '240.0.0.0/4' })

  test('that a map is too wide for is refused, whatever the host', () => {
    expect(errorOf(() => checkSteering('routes', 'ipip', wide))).toMatchObject({ code: 'ROUTES_TOO_MANY' })
  })

  test.each([
    ['routes', undefined],
    ['auto', wide],
    ['ebpf', wide],
    ['fan-map', wide],
  ] as const)('that is %s is not', (asked, map) => {
    expect(() => checkSteering(asked, 'vxlan', map)).not.toThrow()
  })
})

describe('what the kernel has of a fan tells who steers it:', () => {
  test.each([
    ['ebpf', { hasMap: false, hasPrograms: true, hasRoutes: false }],
    // Changing from one to the other, both may be there: programs decide.
    ['ebpf', { hasMap: false, hasPrograms: true, hasRoutes: true }],
    ['fan-map', { hasMap: true, hasPrograms: false, hasRoutes: false }],
    ['routes', { hasMap: false, hasPrograms: false, hasRoutes: true }],
  ] as const)('%s for %j', (name, traces) => {
    expect(steeringNames.filter((one) => steerings[one].isSeen(traces))).toEqual([name])
  })

  test('nothing for nothing', () => {
    const nothing = { hasMap: false, hasPrograms: false, hasRoutes: false }
    expect(steeringNames.filter((one) => steerings[one].isSeen(nothing))).toEqual([])
  })
})

test.each([
  ['ebpf', { clsact: true }],
  ['fan-map', { clsact: false, fanMap: expect.objectContaining({ local: fan().host, overlay: fan().overlay }) }],
  ['routes', { clsact: false }],
] as const)('%s takes %j of a tunnel, and has filters only if that has a queue for them', (steering, traits) => {
  const one = fan({ steering })
  expect(steeringOf(one).traits(one)).toEqual(traits)
  expect(steeringOf(one).filters(one).length > 0).toBe(traits.clsact)
})

test('only programs check what comes in', () => {
  expect(steeringNames.filter((name) => steerings[name].checks)).toEqual(['ebpf'])
})
