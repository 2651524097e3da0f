/** Lines of ubuntu-fan's users, from the words to the plan. */
import { expect, describe as group, test } from 'vitest'
import { planUp } from '../../../src/app/fan/up.js'
import { askedFrom, choiceFrom } from '../../../src/commands/request.js'
import { describe } from '../../../src/core/objects/objects.js'
import { FakeMachine, ordinaryHost } from '../../fake/machine.js'
import { prefix } from './requests.js'

/** What a plan says of a line: the bridge with its address, its DHCP pool, what is masqueraded. */
async function planOf(line: string, address: string) {
  const { request } = askedFrom({}, line.split(/\s+/))
  const { steps, fan } = await planUp(new FakeMachine(ordinaryHost(prefix(address))), request)
  const lines = steps.flatMap(describe)
  return {
    enable: fan.enable,
    address: lines.find((one) => one.startsWith('ip addr add'))?.replace('ip addr add ', ''),
    route: lines.find((one) => one.startsWith('ip route add'))?.match(/add (\S+)/)?.[1],
    dhcp: lines.some((one) => one.includes('dnsmasq')),
  }
}

group('a line that callers of ubuntu-fan write becomes a plan', () => {
  test.each([
    // README and fanctl.8 of 0.3, cloud-init's cc_fan.
    ['10.0.0.0/8 172.16.3.4/16', '172.16.3.4/16', '10.3.4.1/24 dev fan-10', '10.0.0.0/8', false, false],
    ['10.0.0.0/8 172.16.3.4/16 dhcp', '172.16.3.4/16', '10.3.4.1/24 dev fan-10', '10.0.0.0/8', true, false],
    ['10.0.0.0/8 eth0/16 dhcp', '172.16.3.4/16', '10.3.4.1/24 dev fan-10', '10.0.0.0/8', true, false],
    ['241.0.0.0/8 eth0/16 dhcp', '10.9.3.4/16', '241.3.4.1/24 dev fan-241', '241.0.0.0/8', true, false],
    ['250 10.88.3.4', '10.88.3.4/16', '250.3.4.1/24 dev fan-250', '250.0.0.0/8', false, false],
    ['99.0.0.0/8 10.99.238.5/20', '10.99.238.5/20', '99.224.80.1/20 dev fan-99', '99.0.0.0/8', false, false],
    [
      '100.64.0.0/10 10.224.220.10/24',
      '10.224.220.10/24',
      '100.66.128.1/18 dev fan-100-64',
      '100.64.0.0/10',
      false,
      false,
    ],
    // A bridge as Docker's users name it; fancni's order; fanctl.8 of 0.12.
    [
      '-u eth0/16 -o 250.0.0.0/8 --bridge=docker0 --dhcp',
      '10.0.3.4/16',
      '250.3.4.1/24 dev docker0',
      '250.0.0.0/8',
      true,
      false,
    ],
    ['-o 250.0.0.0/8 -u 10.0.3.4/16', '10.0.3.4/16', '250.3.4.1/24 dev fan-250', '250.0.0.0/8', false, false],
    ['-u 172.16.3.4/16 -o 250.0.0.0/8', '172.16.3.4/16', '250.3.4.1/24 dev fan-250', '250.0.0.0/8', false, false],
    // A file of 0.12, a row of its list of fans, Juju's pairs, LXD's networks.
    [
      '172.30.0.0/16 250.0.0.0/8 --dhcp --enable',
      '172.30.9.8/16',
      '250.9.8.1/24 dev fan-250',
      '250.0.0.0/8',
      true,
      true,
    ],
    [
      '10.0.2.15/16 250.0.0.0/8 dhcp bridge=fan-10',
      '10.0.2.15/16',
      '250.2.15.1/24 dev fan-10',
      '250.0.0.0/8',
      true,
      false,
    ],
    ['172.16.0.0/16 253.0.0.0/8', '172.16.5.6/16', '253.5.6.1/24 dev fan-253', '253.0.0.0/8', false, false],
    ['10.0.0.0/12 254.0.0.0/7', '10.1.2.3/12', '254.32.64.97/27 dev fan-254', '254.0.0.0/7', false, false],
    ['192.168.100.0/24 240.0.0.0/8', '192.168.100.7/24', '240.7.0.1/16 dev fan-240', '240.0.0.0/8', false, false],
    [
      'default/16 250.0.0.0/8 host-reserve 9 dhcp',
      '10.0.3.4/16',
      '250.3.4.1/24 dev fan-250',
      '250.0.0.0/8',
      true,
      false,
    ],
  ])('%s', async (line, address, bridge, route, dhcp, enable) => {
    expect(await planOf(line, address)).toEqual({ address: bridge, route, dhcp, enable })
  })

  test('"off" and "debug" do nothing, and say so to the caller', () => {
    expect(askedFrom({}, '10.0.0.0/8 172.16.3.5/16 dhcp off'.split(' '))).toMatchObject({ off: true, debug: false })
    expect(askedFrom({}, '10.0.0.0/8 eth0 debug'.split(' '))).toMatchObject({ off: false, debug: true })
  })

  test.each([
    ['10.254.0.0/16 192.168.1.151/8', 'FAN_UNCLEAR'],
    ['-o 10.254.0.0/16 -u 192.168.1.151/8', 'OVERLAY_NOT_WIDER'],
    ['0 10.0.3.4', 'OVERLAY_RESERVED'],
    ['127 10.0.3.4', 'OVERLAY_RESERVED'],
    ['240.0.0.0/3 10.0.3.4/16', 'FAN_UNCLEAR'],
    ['10.0.0.0/8 10.0.3.4/16', 'OVERLAY_ON_UNDERLAY'],
  ])('nonsense does not: %s', (line, code) => {
    expect(() => askedFrom({}, line.split(' '))).toThrow(expect.objectContaining({ code, exitCode: 2 }))
  })
})

group('down takes the words of up', () => {
  test.each([
    ['10.0.0.0/8 172.16.3.4/16'],
    ['172.16.3.4/16 10.0.0.0/8'],
    ['10 172.16.3.4 dhcp host-reserve 3'],
    ['-u 172.16.3.4/16 -o 10.0.0.0/8'],
  ])('%s', (line) => {
    expect(choiceFrom({}, line.split(' '))).toEqual({
      overlay: prefix('10.0.0.0/8'),
      underlay: { kind: 'prefix', prefix: prefix('172.16.3.4/16') },
    })
  })
})
