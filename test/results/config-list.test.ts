import { expect, test } from 'vitest'
import { readUnderlay } from '../../src/config/values.js'
import { viewConfigList } from '../../src/results/config-list.js'
import { prefix } from '../core/support.js'
import { expectToFit } from './fits.js'

test('networks that are listed have nulls for what is not said of them', () => {
  const at = (underlay: string) => ({
    overlay: prefix('250.0.0.0/8'),
    underlay: readUnderlay('the underlay', underlay),
  })
  const view = viewConfigList({
    path: '/etc/network/fan',
    fans: [
      { networks: at('10.0.3.4/16'), line: 2, state: 'not enabled', settings: undefined },
      { networks: at('eth0/16'), line: undefined, state: undefined, settings: '/var/lib/fanctl/a.conf' },
    ],
    warnings: ['line 3 is wrong'],
  })
  expect(view).toEqual({
    format: 1,
    file: '/etc/network/fan',
    networks: [
      { underlay: '10.0.0.0/16', overlay: '250.0.0.0/8', line: 2, state: 'not enabled', settings: null },
      { underlay: 'eth0/16', overlay: '250.0.0.0/8', line: null, state: null, settings: '/var/lib/fanctl/a.conf' },
    ],
    warnings: ['line 3 is wrong'],
  })
  expectToFit('config-list', view)
})
