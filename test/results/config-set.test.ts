import { expect, test } from 'vitest'
import { viewConfigSet } from '../../src/results/config-set.js'
import { expectToFit } from './fits.js'

test('settings that were changed are words that read back as the same', () => {
  const options = { encapsulation: 'vxlan', dhcp: false, mtu: 1400 } as const
  const view = viewConfigSet({ changed: true, path: '/a.conf', options, warnings: ['careful'] })
  expect(view).toEqual({
    format: 1,
    changed: true,
    path: '/a.conf',
    options: ['no-dhcp', 'type vxlan', 'mtu 1400'],
    warnings: ['careful'],
  })
  expectToFit('config-set', view)
  expectToFit('config-unset', view)
})
