import { describe, expect, test } from 'vitest'
import { imported } from './imported.js'

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

  test.each([
    ['as YAML', "fan-config: '10.0.0.0/16=252.0.0.0/8'\n"],
    [
      'as juju model-config prints it',
      'fan-config:\n  value: 10.0.0.0/16=252.0.0.0/8\n  source: model\nother: {value: 1, source: default}\n',
    ],
    ['with capital letters', '{"fan-config":{"Value":"10.0.0.0/16=252.0.0.0/8","Source":"model"}}'],
    ['folded', 'fan-config: >-\n  10.0.0.0/16=252.0.0.0/8\n'],
  ])('%s', (_, text) => {
    expect(imported(text)).toMatchObject({ from: 'juju', lines: ['10.0.0.0/16 252.0.0.0/8 --dhcp --enable'] })
  })

  test.each(['fd00::/48=fd01::/32 10.0.0.0/16=252.0.0.0/8', '10.0.0.0/16=252.0.0.0/8 fd00::/48=fd01::/32'])(
    'names what is IPv6, and gives the rest: %s',
    (text) => {
      const { from, lines, notes } = imported(text)
      expect({ from, lines }).toEqual({ from: 'juju', lines: ['10.0.0.0/16 252.0.0.0/8 --dhcp --enable'] })
      expect(notes).toContain('fd00::/48=fd01::/32: fans are IPv4 only')
    },
  )

  test.each([
    ['10.0.0.0/16=252.0.0.0/8=1', 'IMPORT_UNKNOWN'],
    ['fan-config=', 'IMPORT_UNKNOWN'],
    ['fan-config: [10.0.0.0/16=252.0.0.0/8]', 'IMPORT_UNKNOWN'],
    ['fd00::/48=fd01::/32', 'IMPORT_UNKNOWN'],
    ['10.0.0.0/8=252.0.0.0/16', 'OVERLAY_NOT_WIDER'],
  ])('%s is refused: %s', (text, code) => {
    expect(() => imported(text)).toThrow(expect.objectContaining({ code }))
  })
})
