import { expect, test } from 'vitest'
import { viewImport } from '../../src/results/config-import.js'
import { expectToFit } from './fits.js'

const imported = { from: 'juju', lines: ['a', 'b'], notes: ['c'], added: [], warnings: [] } as const

test('what is imported names the fan file only where it was to be written', () => {
  const view = viewImport(imported)
  expect(view).toEqual({ format: 1, ...imported, file: null })
  expectToFit('config-import', view)
  expect(viewImport({ ...imported, path: '/etc/network/fan', added: ['b'], warnings: ['a is there'] })).toMatchObject({
    file: '/etc/network/fan',
    added: ['b'],
    warnings: ['a is there'],
  })
})
