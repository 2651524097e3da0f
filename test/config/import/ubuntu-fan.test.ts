import { describe, expect, test } from 'vitest'
import { imported } from './imported.js'

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

  test.each([
    ['FAN_OVERLAY=$(reboot)', 'ADDRESS_MALFORMED'],
    ['FAN_OVERLAY=fd00::/8', 'IPV6_UNSUPPORTED'],
    ['FAN_PRIMARY=eth0', 'IMPORT_UNKNOWN'],
    ['FAN_OVERLAY=250.0.0.0/8\nFAN_BRIDGE=a;b', 'BRIDGE_NAME_INVALID'],
  ])('%j is refused: %s', (text, code) => {
    expect(() => imported(text)).toThrow(expect.objectContaining({ code }))
  })
})
