import { expect, test } from 'vitest'
import { byKey, byLink, commonOwnerOf } from '../../../src/core/objects/many.js'

test.each<[owners: (string | undefined)[], string | undefined]>([
  [[], undefined],
  [['fan-250', 'fan-250'], 'fan-250'],
  [['fan-250', 'fan-251'], undefined],
  [['fan-250', undefined], undefined],
  [[undefined], undefined],
])('things of %j are for %s', (owners, owner) => {
  expect(commonOwnerOf(owners.map((one) => ({ owner: one })))).toBe(owner)
})

test('things of one link come together, links in the order of their first thing', () => {
  const things = ['b1', 'a1', 'b2'].map((name) => ({ link: name.slice(0, 1), name }))
  expect(byLink(things).map(([link, all]) => [link, all.map(({ name }) => name)])).toEqual([
    ['b', ['b1', 'b2']],
    ['a', ['a1']],
  ])
  expect(byKey(things, ({ name }) => name).get('a1')).toBe(things[1])
})
