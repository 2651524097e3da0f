import { expect, test } from 'vitest'
import { readUnderlay } from '../../src/config/values.js'
import { viewNetworks } from '../../src/results/config-show-networks.js'
import { prefix } from '../core/support.js'
import { expectToFit } from './fits.js'

test('an option has its value and its source: a file and line, a file, or nothing but the default', () => {
  const view = viewNetworks({
    networks: { overlay: prefix('250.0.0.0/8'), underlay: readUnderlay('the underlay', '10.0.3.4/16') },
    line: undefined,
    state: undefined,
    options: [
      { option: 'dhcp', value: true, from: 'file', path: '/etc/network/fan', line: 2 },
      { option: 'mtu', value: 1400, from: 'settings', path: '/a.conf' },
      { option: 'vni', value: undefined, from: 'default' },
    ],
  })
  expect(view).toEqual({
    format: 1,
    underlay: '10.0.0.0/16',
    overlay: '250.0.0.0/8',
    line: null,
    state: null,
    options: [
      { option: 'dhcp', value: true, from: 'file', source: '/etc/network/fan:2' },
      { option: 'mtu', value: 1400, from: 'settings', source: '/a.conf' },
      { option: 'vni', value: null, from: 'default', source: null },
    ],
    warnings: [],
  })
  expectToFit('config-show-networks', view)
})
