import { expect, test } from 'vitest'
import { up } from '../../src/app/fan/up.js'
import { viewOff, viewUp } from '../../src/results/up.js'
import { prefix, request } from '../app/fan/requests.js'
import { FakeMachine, ordinaryHost } from '../fake/machine.js'
import { expectToFit } from './fits.js'

test('a fan that is brought up has changed something where there were steps, and nothing the second time', async () => {
  const machine = new FakeMachine(ordinaryHost(prefix('10.0.3.4/16')))
  const ipip = request('250.0.0.0/8', '10.0.3.4/16')
  const first = viewUp(await up(machine, ipip))
  expect(first).toMatchObject({ changed: true, fan: { bridge: 'fan-250', mtu: 1480 }, warnings: [] })
  expect(first.steps).toContainEqual({ kind: 'add-address', commands: ['ip addr add 250.3.4.1/24 dev fan-250'] })
  expectToFit('up', first)
  expect(viewUp(await up(machine, ipip))).toEqual({ ...first, changed: false, steps: [] })
})

test('a request that is off has no fan', () => {
  expect(viewOff).toMatchObject({ changed: false, fan: null })
  expectToFit('up', viewOff)
})
