import { describe, expect, test } from 'vitest'
import { imported } from './imported.js'

describe('a network of LXD', () => {
  const yaml = `config:
  bridge.mode: fan
  fan.overlay_subnet: 241.0.0.0/8
  fan.underlay_subnet: 10.0.0.0/16
  ipv4.nat: "false"
  ipv6.address: none
  volatile.uuid: 1
description: ""
name: lxdfan0
type: bridge
used_by:
- /1.0/instances/c1
`
  test('in YAML', () => {
    const { from, lines, notes } = imported(yaml)
    expect({ from, lines }).toEqual({
      from: 'lxd',
      lines: ['10.0.0.0/16 241.0.0.0/8 --dhcp --no-nat --type vxlan --enable'],
    })
    expect(notes).toContain('ipv6.address: fans are IPv4 only')
    expect(notes).toContain('parent=fan-241')
    expect(notes).not.toContain('volatile')
  })

  test.each([
    ['bridge.mode=fan', 'default/16 240.0.0.0/8 --dhcp --type vxlan --enable'],
    [
      'bridge.mode=fan\nfan.underlay_subnet=192.168.100.0/24\nbridge.mtu=1400',
      '192.168.100.0/24 240.0.0.0/8 --dhcp --type vxlan --mtu 1400 --enable',
    ],
    [
      "lxc network create lxdfan0 bridge.mode=fan fan.overlay_subnet='241.0.0.0/8'",
      'default/16 241.0.0.0/8 --dhcp --type vxlan --enable',
    ],
    ['fan.type=ipip\nfan.underlay_subnet=auto', 'default/16 240.0.0.0/8 --dhcp --type ipip --enable'],
  ])('as keys: %j', (text, line) => {
    expect(imported(text).lines).toEqual([line])
  })

  test('that is no fan is refused', () => {
    expect(() => imported('bridge.mode: standard\n')).toThrow('has bridge.mode standard, not fan')
  })

  test('says of what is IPv6 which network it is', () => {
    const { lines, notes } = imported(yaml.replace('address: none', 'address: FD42:0::1/64'))
    expect(lines).toHaveLength(1)
    expect(notes).toContain('ipv6.address fd42::1/64: fans are IPv4 only')
    expect(() => imported(yaml.replace('10.0.0.0/16', 'fd42::/64'))).toThrow(
      'this network of LXD has fan.underlay_subnet fd42::/64: fans are IPv4 only',
    )
  })

  test('with another MTU than any link has is refused', () => {
    expect(() => imported('bridge.mode: fan\nbridge.mtu: 1e400\n')).toThrow(
      expect.objectContaining({ code: 'NUMBER_INVALID' }),
    )
  })

  test('with keys of JavaScript is like others', () => {
    expect(imported('bridge.mode: fan\nconstructor.name: x\n__proto__: {fan.type: ipip}\n')).toMatchObject({
      lines: ['default/16 240.0.0.0/8 --dhcp --type vxlan --enable'],
      notes: expect.stringContaining('constructor.name: no equivalent'),
    })
  })
})
