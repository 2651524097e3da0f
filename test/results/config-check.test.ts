import { expect, test } from 'vitest'
import { FanError } from '../../src/core/errors.js'
import { viewConfigCheck } from '../../src/results/config-check.js'
import { expectToFit } from './fits.js'

const path = '/etc/network/fan'
const error = new FanError('SETTINGS_STRANGE', { path })

test('a file is in order with warnings, and not with errors', () => {
  const warning = { level: 'warning', path, error } as const
  const view = viewConfigCheck({ path, findings: [warning] })
  expect(view).toMatchObject({
    file: path,
    ok: true,
    findings: [{ line: null, column: null, code: 'SETTINGS_STRANGE' }],
  })
  expectToFit('config-check', view)
  const worse = viewConfigCheck({ path, findings: [warning, { ...warning, level: 'error', line: 2, column: 7 }] })
  expect(worse).toMatchObject({ ok: false, findings: [{ level: 'warning' }, { level: 'error', line: 2, column: 7 }] })
  expectToFit('config-check', worse)
})
