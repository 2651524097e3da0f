import { expect, test } from 'vitest'
import { moveWords } from '../../../src/core/repair/move.js'
import { fan } from '../support.js'

test('a move names both addresses and both slices', () => {
  expect(moveWords({ from: fan(), to: fan({ underlay: '10.0.7.8/16' }) })).toBe(
    'followed this host from 10.0.3.4/16 to 10.0.7.8/16; its slice is now 250.7.8.0/24 (was 250.3.4.0/24)',
  )
})
