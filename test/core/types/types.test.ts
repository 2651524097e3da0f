import { describe, expect, test } from 'vitest'
import {
  sharedTunnels,
  typeNames,
  typeOptions,
  types,
  typesWith,
  withoutModule,
} from '../../../src/core/types/types.js'
import { fan, prefix } from '../support.js'

test('the options that not every type has are said of those that have them', () => {
  expect(typeOptions).toEqual(['vni', 'port'])
  expect(typesWith('vni')).toEqual(['vxlan'])
  expect(typesWith('port')).toEqual(['vxlan'])
})

test('only ipip fans share a tunnel', () => {
  expect(sharedTunnels).toEqual(['ftun0'])
})

test.each([
  ['ipip', { instead: '--type vxlan on every host' }],
  ['vxlan', {}],
  ['bridge', {}],
])('where the kernel cannot make links of the kind %s, the hint adds %j', (kind, expected) => {
  expect(withoutModule(kind)).toEqual(expected)
})

describe.each(typeNames)('a fan of type %s', (name) => {
  const type = types[name]

  test('has a default for each option that is its own, and for no other', () => {
    expect(Object.keys(type.defaults(prefix('250.0.0.0/8'))).sort()).toEqual([...type.options].sort())
  })

  test('clashes with itself only if it says so in words that two fans can be compared by', () => {
    const [one, other] = [fan({ type: name }), fan({ type: name, overlay: '251.0.0.0/8' })]
    expect(type.clash(one, other)).toBeUndefined()
    if (type.claim(one) !== undefined) expect(type.claim(one)).not.toBe(type.claim(other))
  })

  test('knows its own tunnel and no other', () => {
    const evidence = (kind: string) => ({ tunnel: { kind, vnis: [], port: undefined } })
    expect(typeNames.filter((kind) => type.recognise(evidence(kind)))).toEqual([name])
  })
})
