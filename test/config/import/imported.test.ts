import { expect, test } from 'vitest'
import { entryOf, lengthOf } from '../../../src/config/import/imported.js'
import { readUnderlay } from '../../../src/config/values.js'

test.each([
  ['10.0.3.4/20', 20],
  ['eth0/24', 24],
  ['default', 16],
])('%s has the length %i', (text, length) => {
  expect(lengthOf(readUnderlay('the underlay', text))).toBe(length)
})

test('an entry is one of the table itself', () => {
  expect(['known', 'unknown', 'constructor', '__proto__'].map((key) => entryOf({ known: 'x' }, key))).toEqual([
    'x',
    undefined,
    undefined,
    undefined,
  ])
})
