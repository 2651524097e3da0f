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
    expect(steps.map(({ kind }) => kind)).not.toContain('set-firewall')
    expect(warnings).toEqual([
      `nothing drops packets with forged overlay sources that arrive from the underlay outside the tunnel: ${said}`,
    ])
  })
})

describe('a chain of another program that drops forwarded packets is named, with what lets the fan through', () => {
  test.each([
    ['ip ufw forward', 'ipip', ipip, 'ufw route allow in on fan-250 && ufw route allow out on fan-250'],
    [
      'ip filter FORWARD',
      'ipip',
      ipip,
      'iptables -I FORWARD -i fan-250 -j ACCEPT && iptables -I FORWARD -o fan-250 -j ACCEPT && iptables -I FORWARD -i ftun0 -j ACCEPT && iptables -I FORWARD -o ftun0 -j ACCEPT',
    ],
    [
      'ip filter FORWARD',
      'vxlan',
      vxlan,
      'iptables -I FORWARD -i fan-251 -j ACCEPT && iptables -I FORWARD -o fan-251 -j ACCEPT && iptables -I FORWARD -i ftun-251 -j ACCEPT && iptables -I FORWARD -o ftun-251 -j ACCEPT',
    ],
    [
      'inet site forward',
      'vxlan',
      vxlan,
      'nft insert rule inet site forward iifname fan-251 accept && nft insert rule inet site forward oifname fan-251 accept',
    ],
    // A program that speaks netlink itself may use any name; nft would take this one for two commands.
    ['inet site x;flush', 'vxlan', vxlan, 'see: nft list ruleset'],
  ])('%s, for a fan of type %s', async (chain, _, fan, help) => {
    const machine = here()
    machine.chains = [chain]
    const problem = `the chain "${chain}" drops forwarded packets by default`
    const warnings = [`${problem}; if containers cannot reach the outside, allow the fan: ${help}`]
    expect((await planUp(machine, fan)).warnings).toEqual(warnings)
    expect((await up(machine, fan)).warnings).toEqual(warnings)
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
