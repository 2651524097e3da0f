import { describe, expect, test } from 'vitest'
import { desiredState } from '../../src/core/desired.js'
import type { Fan } from '../../src/core/fan.js'
import { address, factsFor, fan } from './support.js'

const stateOf = (fans: readonly Fan[], changes: Partial<ReturnType<typeof factsFor>> = {}) =>
  desiredState(fans, { ...factsFor(fans), ...changes })

const pairOfIpip = [fan({ mtu: 1400 }), fan({ overlay: '251.0.0.0/8' })]

describe('a host', () => {
  test('without fans shall have nothing', () => {
    expect(stateOf([])).toEqual({
      ...{ links: [], addresses: [], routes: [], neighbours: [], filters: [], sysctls: {}, dhcpServers: [] },
    })
  })

  test('has one tunnel for all ipip fans, as wide as the widest of them', () => {
    const tunnels = stateOf(pairOfIpip).links.filter(({ kind }) => kind === 'ipip')
    expect(tunnels.map(({ name, mtu }) => [name, mtu])).toEqual([['ftun0', 1480]])
    expect(stateOf([...pairOfIpip].reverse()).links.find(({ name }) => name === 'ftun0')?.mtu).toBe(1480)
  })

  test('has a guard on a shared tunnel, once, and none on a tunnel of one fan', () => {
    const guards = (fans: readonly Fan[]) => stateOf(fans).filters.filter(({ name }) => name.startsWith('fan_guard_'))
    expect(guards(pairOfIpip).map(({ link }) => link)).toEqual(['ftun0'])
    expect(guards([fan({ type: 'vxlan' })])).toEqual([])
  })

  test('has a route for each ipip fan; vxlan has the overlay on its bridge', () => {
    const routes = stateOf([fan(), fan({ type: 'vxlan', overlay: '251.0.0.0/8' })]).routes
    expect(routes).toEqual([{ prefix: fan().overlay, link: 'ftun0', source: address('250.3.4.1'), owner: 'fan-250' }])
  })

  test('has a vxlan tunnel as a port of its bridge and with its own VNI only', () => {
    const [tunnel] = stateOf([fan({ type: 'vxlan', vni: 7, port: 4789 })]).links
    expect(tunnel).toMatchObject({ name: 'ftun-250', bridge: 'fan-250', vnis: [7], port: 4789, mtu: 1450 })
  })

  test('sets nothing of IPv6 where the kernel has none', () => {
    const keys = (ipv6: boolean) => stateOf([fan()], { ipv6 }).links.flatMap(({ sysctls }) => Object.keys(sysctls))
    expect(keys(true).filter((key) => key.includes('ipv6'))).toEqual([
      'net/ipv6/conf/ftun0/disable_ipv6',
      'net/ipv6/conf/fan-250/disable_ipv6',
    ])
    expect(keys(false)).toEqual(['net/ipv4/conf/fan-250/send_redirects', 'net/ipv4/conf/fan-250/proxy_arp'])
  })

  test.each([
    [true, true, true],
    [true, false, true],
    [false, true, true],
    [false, false, false],
  ])('with nftables (%s) and a fan with NAT (%s) has a firewall: %s', (firewall, nat, expected) => {
    expect(stateOf([fan({ nat })], { firewall }).firewall !== undefined).toBe(expected)
  })

  test.each([
    ['ipip', '255.255.255.0', 1480],
    ['vxlan', '255.0.0.0', 1450],
  ] as const)('tells containers of %s the netmask %s and the MTU %d', (type, netmask, mtu) => {
    const [server] = stateOf([fan({ type, dhcp: true, hostReserve: 9 }), fan({ overlay: '251.0.0.0/8' })]).dhcpServers
    expect(server).toEqual({
      bridge: 'fan-250',
      running: true,
      settings: {
        ...{ gateway: address('250.3.4.1'), netmask: address(netmask), mtu, leaseMax: 256 },
        pool: { first: address('250.3.4.10'), last: address('250.3.4.254') },
      },
    })
  })

  test('whose underlay is unknown is a bug', () => {
    expect(() => stateOf([fan()], { underlayMtus: {} })).toThrow('10.0.3.4/16')
  })
})
