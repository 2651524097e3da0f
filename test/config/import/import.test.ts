import { expect, test } from 'vitest'
import { imported } from './imported.js'

test.each([
  ['hello', undefined, 'IMPORT_UNKNOWN'],
  ['', undefined, 'IMPORT_UNKNOWN'],
  ['{}', undefined, 'IMPORT_UNKNOWN'],
  ['{', undefined, 'IMPORT_MALFORMED'],
  ['[]', 'flannel', 'IMPORT_UNKNOWN'],
  ['[]', 'lxd', 'IMPORT_UNKNOWN'],
  ['[]', 'juju', 'IMPORT_UNKNOWN'],
  ['{"Network":"10.5.0.0/16"}', 'juju', 'IMPORT_UNKNOWN'],
  ['{"Network":"10.5.0.0/16"}', 'ubuntu-fan', 'IMPORT_UNKNOWN'],
  ['x'.repeat(2 ** 17 + 1), 'juju', 'IMPORT_UNKNOWN'],
] as const)('%j from %s is refused: %s', (text, source, code) => {
  expect(() => imported(text, undefined, source)).toThrow(expect.objectContaining({ code }))
})

test('what a person says comes before what the text looks like', () => {
  expect(imported('bridge.mode: fan\nNetwork: 10.5.0.0/16\n').from).toBe('lxd')
  expect(imported('bridge.mode: fan\nNetwork: 10.5.0.0/16\n', undefined, 'flannel').from).toBe('flannel')
})
