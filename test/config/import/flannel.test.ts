import { describe, expect, test } from 'vitest'
import { imported } from './imported.js'

describe("flannel's network configuration", () => {
  const text = (more: object, backend: object = { Type: 'vxlan' }) =>
    JSON.stringify({ Network: '10.5.0.0/16', ...more, Backend: backend })

  test.each([
    [text({}), 'default/24 10.5.0.0/16 --type vxlan --enable'],
    [text({ SubnetLen: 26 }), 'default/22 10.5.0.0/16 --type vxlan --enable'],
    [text({ Network: '10.0.0.0/8' }), 'default/16 10.0.0.0/8 --type vxlan --enable'],
    [text({ Network: '10.5.1.0/24' }), 'default/30 10.5.1.0/24 --type vxlan --enable'],
    [
      text({}, { Type: 'vxlan', VNI: 7, Port: 4789 }),
      'default/24 10.5.0.0/16 --type vxlan --vni 7 --port 4789 --enable',
    ],
    [text({}, { Type: 'vxlan', MTU: 9000 }), 'default/24 10.5.0.0/16 --type vxlan --mtu 8950 --enable'],
    [text({}, { Type: 'ipip' }), 'default/24 10.5.0.0/16 --type ipip --enable'],
    [text({}, { Type: 'host-gw' }), 'default/24 10.5.0.0/16 --type ipip --enable'],
    [text({}, {}), 'default/24 10.5.0.0/16 --type vxlan --enable'],
  ])('%s gives %s', (config, line) => {
    expect(imported(config)).toMatchObject({ from: 'flannel', lines: [line] })
  })

  test.each([
    [text({ SubnetMin: '10.5.10.0' }), "SubnetMin: each host's slice follows from its address"],
    [text({ EnableIPv6: true }), 'EnableIPv6: fans are IPv4 only'],
    [text({ IPv6Network: 'FD00:10:244:0::/56' }), 'IPv6Network fd00:10:244::/56: fans are IPv4 only'],
    [text({ IPv6SubnetMin: 'fd00:10:244:1::' }), 'IPv6SubnetMin fd00:10:244:1::: fans are IPv4 only'],
    [text({}, { Type: 'vxlan', DirectRouting: true }), 'Backend.DirectRouting: not supported: a fan also encapsulates'],
    [text({}, { Type: 'vxlan', GBP: true }), 'Backend.GBP: no equivalent'],
    [text({}, { Type: 'wireguard' }), 'wireguard encrypts, but a fan does not'],
    [text({}, { Type: 'ipsec', PSK: 'x' }), 'ipsec encrypts, but a fan does not'],
    [text({}, { Type: 'constructor' }), 'Backend.Type constructor has no equivalent; using ipip'],
    ['{"Network":"10.5.0.0/16","__proto__":{},"toString":"x"}', 'toString: no equivalent'],
    [text({}, { Type: 'aws-vpc' }), 'Backend.Type aws-vpc has no equivalent; using ipip'],
  ])('%s says what is lost: %s', (config, note) => {
    expect(imported(config).notes).toContain(note)
  })

  test('a key of JavaScript sets nothing', () => {
    const { notes } = imported('{"Network":"10.5.0.0/16","__proto__":{"SubnetLen":"26"}}')
    expect(notes).toContain('gives each host a /24')
  })

  test('says which subnets hosts get where the underlay has another length', () => {
    const { lines, notes } = imported(text({}), '172.16.0.0/22')
    expect(lines).toEqual(['172.16.0.0/22 10.5.0.0/16 --type vxlan --enable'])
    expect(notes).toContain('each host gets a /26, not a /24; that would take an underlay of /24')
  })

  test.each([
    ['{"Network":"10.5.0.0/16","SubnetLen":"x"}', 'NUMBER_INVALID'],
    ['{"Network":"10.5.0.0/16","Backend":{"Type":"vxlan","VNI":1e400}}', 'NUMBER_INVALID'],
    ['{"Network":"10.5.0.0/16","Backend":{"Type":"vxlan","MTU":-1}}', 'NUMBER_INVALID'],
    ['{"Network":"10.5.0.1/16"}', 'OVERLAY_HOST_BITS'],
    ['{"Network":["10.5.0.0/16"]}', 'IMPORT_UNKNOWN'],
    ['{"EnableIPv6":true}', 'IMPORT_UNKNOWN'],
    ['{"Network":"fd00::/48"}', 'IPV6_UNSUPPORTED'],
  ])('%s is refused: %s', (config, code) => {
    expect(() => imported(config)).toThrow(expect.objectContaining({ code }))
  })
})
