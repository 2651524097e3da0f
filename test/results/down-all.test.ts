import { expect, test } from 'vitest'
import type { Change } from '../../src/core/change.js'
import { FanError } from '../../src/core/errors.js'
import { viewDownAll } from '../../src/results/down-all.js'
import { expectToFit } from './fits.js'

test('fans are taken down by their bridges, with each warning once and each failure', () => {
  const steps: Change[] = [{ object: 'clsact', link: 'ftun-250', before: true }]
  const done = { bridge: 'fan-250', steps, warnings: ['careful'] }
  const view = viewDownAll({
    done: [done, { ...done, steps: [] }],
    failed: [{ bridge: 'fan-251', error: new FanError('FAN_IN_USE', { bridge: 'fan-251', ports: ['veth1'] }) }],
    warnings: ['broken'],
  })
  expect(view).toMatchObject({
    changed: true,
    fans: [
      { bridge: 'fan-250', changed: true, steps: [{ commands: ['tc qdisc del dev ftun-250 clsact'] }] },
      { changed: false },
    ],
    failed: [{ bridge: 'fan-251', error: { code: 'FAN_IN_USE' } }],
    warnings: ['careful', 'broken'],
  })
  expectToFit('down-all', view)
})
