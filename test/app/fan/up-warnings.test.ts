/** What `up` refuses for want of nftables, and what it warns of. */
import { describe, expect, test } from 'vitest'
import { planUp, up } from '../../../src/app/fan/up.js'
import { FanError } from '../../../src/core/errors.js'
import { FakeMachine, ordinaryHost } from '../../fake/machine.js'
import { prefix, request } from './requests.js'

const here = () => new FakeMachine(ordinaryHost(prefix('10.0.3.4/16')))
const ipip = request('250.0.0.0/8', 'eth0/16')
const vxlan = request('251.0.0.0/8', 'eth0/16', { encapsulation: 'vxlan' })

describe('on a host without nftables', () => {
  const said = 'this kernel does not support nftables tables of the family inet: Operation not supported'
  const without = (firewallProblem: FanError) =>
    new FakeMachine({ ...ordinaryHost(prefix('10.0.3.4/16')), firewallProblem })

  test.each([
    new FanError('FIREWALL_UNSUPPORTED', { problem: 'Operation not supported' }),
    new FanError('PROGRAM_MISSING', { program: 'nft', package: 'nftables' }),
  ])('a fan with NAT is refused before its first step, and says why: $code', async (problem) => {
    const machine = without(problem)
    const { code, message } = problem
    await expect(planUp(machine, ipip)).rejects.toMatchObject({ code, message })
    await expect(up(machine, ipip)).rejects.toMatchObject({ code, message })
    expect(machine.asked).toEqual([])
  })

  test('a fan without NAT comes up without guards, and warns of what gets through then', async () => {
    const machine = without(new FanError('FIREWALL_UNSUPPORTED', { problem: 'Operation not supported' }))
    const { steps, warnings } = await up(machine, { ...ipip, nat: false })
    expect(steps.map(({ object }) => object)).not.toContain('firewall')
    expect(warnings).toEqual([
      `nothing drops packets with forged overlay sources that arrive from the underlay outside the tunnel: ${said}`,
    ])
  })
})

describe('a chain of another program that drops forwarded packets is named, with what lets the fan through', () => {
  test('by plan and by up', async () => {
    const machine = here()
    machine.chains = ['inet site forward']
    const problem = 'the chain "inet site forward" drops forwarded packets by default'
    const help =
      'nft insert rule inet site forward iifname fan-251 accept && nft insert rule inet site forward oifname fan-251 accept'
    const warnings = [`${problem}; if containers cannot reach the outside, allow the fan: ${help}`]
    expect((await planUp(machine, vxlan)).warnings).toEqual(warnings)
    expect((await up(machine, vxlan)).warnings).toEqual(warnings)
  })

  test('each of several', async () => {
    const machine = here()
    machine.chains = ['ip filter FORWARD', 'inet site forward']
    expect((await planUp(machine, ipip)).warnings).toEqual([
      expect.stringContaining('"ip filter FORWARD"'),
      expect.stringContaining('"inet site forward"'),
    ])
  })
})
