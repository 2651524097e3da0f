import { expect, test } from 'vitest'
import { viewDown } from '../../src/results/down.js'
import { expectToFit } from './fits.js'

test('a fan that is down has changed something where there were steps', () => {
  const view = viewDown({
    bridge: 'fan-250',
    steps: [{ object: 'clsact', link: 'ftun0', before: true }],
    warnings: ['careful'],
  })
  expect(view).toMatchObject({
    changed: true,
    bridge: 'fan-250',
    steps: [{ kind: 'del-clsact' }],
    warnings: ['careful'],
  })
  expectToFit('down', view)
  expect(viewDown({ bridge: 'fan-250', steps: [], warnings: [] }).changed).toBe(false)
})
