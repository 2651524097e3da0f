import { expect, test } from 'vitest'
import { Directory } from '../../src/kernel/directory.js'

test('links go by the names of the last list, and one that is not in it by none', () => {
  const directory = new Directory()
  directory.refresh([
    { index: 1, name: 'lo' },
    { index: 2, name: 'eth0' },
  ])
  directory.refresh([{ index: 2, name: 'wan' }])
  expect([2, 1, 0].map((index) => directory.nameOf(index))).toEqual(['wan', '', ''])
})
