import { expect, test } from 'vitest'
import { up } from '../../src/app/fan/up.js'
import { parseFanFile } from '../../src/config/fan-file.js'
import { FanError } from '../../src/core/errors.js'
import { viewUpAll } from '../../src/results/up-all.js'
import { prefix, request } from '../app/fan/requests.js'
import { FakeMachine, ordinaryHost } from '../fake/machine.js'
import { expectToFit } from './fits.js'

test('the fans of a file have each warning once, what was skipped, and each failure with its place', async () => {
  const { lines } = parseFanFile('250.0.0.0/8 10.0.3.4/16 --enable\n251.0.0.0/8 10.0.3.4/16\n')
  const [line, other] = lines
  if (!line || !other) throw new Error('two lines were written')
  const machine = new FakeMachine(ordinaryHost(prefix('10.0.3.4/16')))
  const result = { ...(await up(machine, request('250.0.0.0/8', '10.0.3.4/16'))), warnings: ['careful'] }
  const done = [result, { ...result, steps: [] }].map((one) => ({ line, result: one }))
  const error = new FanError('FAN_IN_USE', { bridge: 'fan-250', ports: ['veth1'] })
  const failed = [
    { line: 3, column: undefined, error },
    { line: 4, column: 12, error },
  ]
  const view = viewUpAll({ done, skipped: [other], failed }, '/etc/network/fan')
  expect(view).toMatchObject({
    changed: true,
    file: '/etc/network/fan',
    fans: [{ line: 1, changed: true }, { changed: false }],
    skipped: [{ line: 2, text: '251.0.0.0/8 10.0.3.4/16' }],
    failed: [
      { line: 3, column: null, error: { code: 'FAN_IN_USE' } },
      { line: 4, column: 12 },
    ],
    warnings: ['careful'],
  })
  expectToFit('up-all', view)
  expect(viewUpAll({ done: done.slice(1), skipped: [], failed }, '').changed).toBe(false)
})
