import { expect, test } from 'vitest'
import { viewConfig } from '../../src/results/config-show.js'
import { expectToFit } from './fits.js'

test('files are shown with their texts, and null where there is no fan file', () => {
  const settings = [{ path: '/a.conf', text: 'dhcp\n' }]
  const view = viewConfig({ file: { path: '/etc/network/fan', text: undefined }, settings })
  expect(view).toEqual({ format: 1, file: { path: '/etc/network/fan', text: null }, settings, warnings: [] })
  expectToFit('config-show', view)
  expect(viewConfig({ file: { path: '/f', text: '' }, settings: [] }).file.text).toBe('')
})
