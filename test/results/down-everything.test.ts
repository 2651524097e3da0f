import { expect, test } from 'vitest'
import { viewDownEverything } from '../../src/results/down-everything.js'
import { expectToFit } from './fits.js'

test('everything that is down has changed something where there were steps', () => {
  const steps = [{ object: 'clsact', link: 'ftun0', before: true }] as const
  const view = viewDownEverything({ bridges: ['fan-250', 'fan-251'], steps, warnings: ['careful'] })
  expect(view).toMatchObject({ changed: true, bridges: ['fan-250', 'fan-251'], warnings: ['careful'] })
  expectToFit('down-everything', view)
  expect(viewDownEverything({ bridges: [], steps: [], warnings: [] }).changed).toBe(false)
})
