import { describe, expect, test } from 'vitest'
import { type ShownFan, show, unseenBy } from '../../src/app/fan/show.js'
import { up } from '../../src/app/fan/up.js'
import { FanError } from '../../src/core/errors.js'
import { noCounts } from '../../src/core/steering/counters.js'
import { viewShow } from '../../src/results/show.js'
import { prefix, request } from '../app/fan/requests.js'
import { fan } from '../core/support.js'
import { FakeMachine, ordinaryHost } from '../fake/machine.js'
import { expectToFit } from './fits.js'

const shown: ShownFan = {
  fan: fan(),
  mtu: 1480,
  drift: [],
  containers: ['veth1'],
  leases: { lent: 2, of: 253 },
  counts: { ...noCounts, sent: 7 },
  drops: { forged: 1, martian: 2, dhcp: 3, excess: 4 },
}

describe('a fan that is shown', () => {
  test('is up where nothing differs', () => {
    const view = viewShow({ fans: [shown], broken: [] }, [])
    expect(view.fans).toMatchObject([
      {
        bridge: 'fan-250',
        state: 'up',
        drift: [],
        containers: ['veth1'],
        leases: { lent: 2, of: 253 },
        counters: { sent: 7, offMap: 0 },
        drops: { forged: 1, martian: 2, dhcp: 3, excess: 4 },
      },
    ])
    expect(view.warnings).toEqual([])
    expectToFit('show', view)
  })

  test('has drifted where something is missing, with the lines that put it back', async () => {
    const machine = new FakeMachine(ordinaryHost(prefix('10.0.3.4/16')))
    await up(machine, request('250.0.0.0/8', '10.0.3.4/16'))
    machine.change((found) => {
      found.addresses = found.addresses.filter(({ link }) => link !== 'fan-250')
    })
    const view = viewShow(await show(machine), unseenBy(machine))
    expect(view.fans).toMatchObject([{ state: 'drift', drift: ['ip addr add 250.3.4.1/24 dev fan-250'] }])
    expectToFit('show', view)
  })

  test('has nulls for what could not be read', () => {
    const view = viewShow(
      { fans: [{ ...shown, leases: undefined, counts: undefined, drops: undefined }], broken: [] },
      ['not looked at'],
    )
    expect(view.fans).toMatchObject([{ leases: null, counters: null, drops: null }])
    expect(view.warnings).toEqual(['not looked at'])
    expectToFit('show', view)
  })
})

test.each([
  [fan(), { overlay: '250.0.0.0/8', underlay: '10.0.3.4/16' }],
  [undefined, { overlay: null, underlay: null }],
])('a fan whose record is of no use has what the kernel tells of it: %#', (seen, networks) => {
  const problem = new FanError('RECORD_NEWER', { path: '/run/fanctl/a.fan.json', format: 2 })
  const view = viewShow(
    { fans: [], broken: [{ file: '', bridge: 'a', problem, seen, links: ['a'], containers: ['veth1'] }] },
    [],
  )
  const error = { code: 'RECORD_NEWER' }
  expect(view.broken).toMatchObject([{ bridge: 'a', ...networks, links: ['a'], containers: ['veth1'], error }])
  expectToFit('show', view)
})
