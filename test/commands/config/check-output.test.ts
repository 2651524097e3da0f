import { expect, test } from 'vitest'
import { printFindings } from '../../../src/commands/config/check-output.js'

const file = '/etc/network/fan'
const finding = { path: file, code: 'LINES_CLASH', message: 'they clash' }

test('findings are lines with their place and level, a hint below', () => {
  const findings = [
    { ...finding, level: 'error', line: 3, column: 7, hint: 'change one' },
    { ...finding, level: 'warning', line: null, column: null, hint: null },
  ] as const
  const view = { format: 1, file, ok: false, findings: [...findings], warnings: [] } as const
  expect(
    printFindings({ ...view, findings: [...findings], warnings: [] }, (colour, text) => `<${colour} ${text}>`),
  ).toBe(
    [
      '/etc/network/fan:3:7: <red error:> they clash (LINES_CLASH)',
      '  change one',
      '/etc/network/fan: <yellow warning:> they clash (LINES_CLASH)',
    ].join('\n'),
  )
})

test('no finding: no problems', () => {
  expect(printFindings({ format: 1, file, ok: true, findings: [], warnings: [] })).toBe(`${file}: no problems found`)
})
