import { describe, expect, test } from 'vitest'
import { formatLine } from '../../src/config/fan-line.js'
import { importConfig } from '../../src/config/import/import.js'
import type { ImportSource } from '../../src/config/import/imported.js'
import { readUnderlay } from '../../src/config/values.js'

function imported(text: string, underlay?: string, source?: ImportSource) {
  const given = underlay === undefined ? undefined : readUnderlay('--underlay', underlay)
  const { from, fans, notes } = importConfig(text, source, given)
  return { from, lines: fans.map((fan) => formatLine(fan, fan.options)), notes: notes.join('\n') }
}

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
    [text({ SubnetMin: '10.5.10.0' }), 'SubnetMin: which slice'],
    [text({ EnableIPv6: true }), 'EnableIPv6: a fan is IPv4 only'],
    [text({}, { Type: 'vxlan', DirectRouting: true }), 'Backend.DirectRouting: a fan encapsulates'],
    [text({}, { Type: 'vxlan', GBP: true }), 'Backend.GBP: a fan has no such option'],
    [text({}, { Type: 'wireguard' }), 'wireguard encrypts, and a fan does not'],
    [text({}, { Type: 'ipsec', PSK: 'x' }), 'ipsec encrypts, and a fan does not'],
    [text({}, { Type: 'aws-vpc' }), 'Backend.Type aws-vpc: there is no such fan'],
  ])('%s says what is lost: %s', (config, note) => {
    expect(imported(config).notes).toContain(note)
  })

  test('says which subnets hosts get where the underlay has another length', () => {
    const { lines, notes } = imported(text({}), '172.16.0.0/22')
    expect(lines).toEqual(['172.16.0.0/22 10.5.0.0/16 --type vxlan --enable'])
    expect(notes).toContain('each host gets a /26, not a /24; that would take an underlay of /24')
  })

  test('is found in the ConfigMap of Kubernetes', () => {
    const map = `apiVersion: v1\nkind: ConfigMap\ndata:\n  cni-conf.json: |\n    {\n      "name": "cbr0"\n    }\n  net-conf.json: |\n    {\n      "Network": "10.244.0.0/16",\n      "Backend": {\n        "Type": "vxlan"\n      }\n    }\nmetadata:\n  name: x\n`
    expect(imported(map).lines).toEqual(['default/24 10.244.0.0/16 --type vxlan --enable'])
  })
})

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
    expect(notes).toContain('ipv6.address: a fan is IPv4 only')
    expect(notes).toContain('parent=fan-241')
    expect(notes).not.toContain('volatile')
  })

  test.each([
    ['bridge.mode=fan', 'default/16 240.0.0.0/8 --dhcp --type vxlan --enable'],
    [
      'bridge.mode=fan\nfan.underlay_subnet=192.168.100.0/24\nbridge.mtu=1400',
      '192.168.100.0/24 240.0.0.0/8 --dhcp --type vxlan --mtu 1400 --enable',
    ],
    ['fan.type=ipip\nfan.underlay_subnet=auto', 'default/16 240.0.0.0/8 --dhcp --type ipip --enable'],
  ])('as keys: %j', (text, line) => {
    expect(imported(text).lines).toEqual([line])
  })

  test('that is no fan is refused', () => {
    expect(() => imported('bridge.mode: standard\n')).toThrow('has bridge.mode standard, not fan')
  })
})

describe("Juju's fan-config", () => {
  test.each([
    ['10.0.0.0/16=252.0.0.0/8', ['10.0.0.0/16 252.0.0.0/8 --dhcp --enable']],
    ['juju model-config fan-config=10.0.0.0/16=252.0.0.0/8\n', ['10.0.0.0/16 252.0.0.0/8 --dhcp --enable']],
    [
      'fan-config="172.16.0.0/16=253.0.0.0/8 10.0.0.0/12=254.0.0.0/7"',
      ['172.16.0.0/16 253.0.0.0/8 --dhcp --enable', '10.0.0.0/12 254.0.0.0/7 --dhcp --enable'],
    ],
  ])('%s', (text, lines) => {
    expect(imported(text)).toMatchObject({ from: 'juju', lines })
  })
})

describe('/etc/default/ubuntu-fan', () => {
  test.each([
    [
      'FAN_OVERLAY="250.0.0.0/8"\nFAN_BRIDGE="fanbr0" # x\nFAN_PRIMARY="eth0"\nFAN_PRIMARY_ADDR="10.2.3.4"\n',
      '10.2.3.4/16 250.0.0.0/8 --dhcp --bridge fanbr0 --enable',
    ],
    [
      'FAN_OVERLAY=250.0.0.0/8\nFAN_PRIMARY=eth0\nUSE_FAN_BRIDGE=false\nFAN_BRIDGE=x',
      'eth0/16 250.0.0.0/8 --dhcp --enable',
    ],
    ['# all of it\nFAN_OVERLAY=250.0.0.0/8\n', 'default/16 250.0.0.0/8 --dhcp --enable'],
  ])('%j', (text, line) => {
    expect(imported(text)).toMatchObject({ from: 'ubuntu-fan', lines: [line] })
  })
})

describe('what cannot be imported is refused', () => {
  test.each([
    ['hello', undefined, 'IMPORT_UNKNOWN'],
    ['', undefined, 'IMPORT_UNKNOWN'],
    ['{', undefined, 'IMPORT_UNKNOWN'],
    ['{"EnableIPv6":true}', undefined, 'IMPORT_UNKNOWN'],
    ['[]', 'flannel', 'IMPORT_UNKNOWN'],
    ['{"Network":"10.5.0.0/16","SubnetLen":"x"}', undefined, 'NUMBER_INVALID'],
    ['{"Network":"10.5.0.1/16"}', undefined, 'OVERLAY_HOST_BITS'],
    ['10.0.0.0/16=252.0.0.0/8=1', undefined, 'IMPORT_UNKNOWN'],
    ['10.0.0.0/8=252.0.0.0/16', undefined, 'OVERLAY_NOT_WIDER'],
    ['FAN_OVERLAY=$(reboot)', undefined, 'ADDRESS_MALFORMED'],
    ['FAN_OVERLAY=250.0.0.0/8\nFAN_BRIDGE=a;b', undefined, 'BRIDGE_NAME_INVALID'],
    ['x'.repeat(2 ** 20 + 1), 'juju', 'IMPORT_UNKNOWN'],
  ] as const)('%j', (text, source, code) => {
    expect(() => imported(text, undefined, source)).toThrow(expect.objectContaining({ code }))
  })
})
