import { describe, expect, test } from 'vitest'
import { readAddress, readChoice, readNumber, readOverlay, readPrefix, readUnderlay } from '../../src/config/values.js'
import { fanMap } from '../../src/core/fan-map.js'
import { address, errorOf, prefix } from '../core/support.js'

describe('an underlay is', () => {
  test.each([
    ['10.0.3.4/16', '10.0.3.4/16'],
    ['10.0.0.0/16', '10.0.0.0/16'],
    ['192.168.7.9/24', '192.168.7.9/24'],
    ['10.0.3.4/32', '10.0.3.4/32'],
    ['10.0.3.4', '10.0.3.4/16'],
    ['172.16.0.0', '172.16.0.0/16'],
  ])('%s: an address or a network', (text, expected) => {
    expect(readUnderlay('--underlay', text)).toEqual({ kind: 'prefix', prefix: prefix(expected) })
  })

  test.each([
    ['eth0/16', 'eth0', 16],
    ['eth0', 'eth0', 16],
    ['enp0s3/20', 'enp0s3', 20],
    ['br-ex/16', 'br-ex', 16],
    ['eth0.100/24', 'eth0.100', 24],
    ['wlp0s20f3/8', 'wlp0s20f3', 8],
    ['bond0/32', 'bond0', 32],
    ['1a/24', '1a', 24],
    ['defaults/16', 'defaults', 16],
    ['exactly15bytes_/16', 'exactly15bytes_', 16],
  ])('%s: the device %s with the length %d', (text, device, length) => {
    expect(readUnderlay('--underlay', text)).toEqual({ kind: 'device', device, length })
  })

  test.each([
    ['default/16', 16],
    ['default/24', 24],
    ['default', 16],
  ])('%s: the device of the default route with the length %d', (text, length) => {
    expect(readUnderlay('--underlay', text)).toEqual({ kind: 'default', length })
  })

  test.each([
    ['', 'VALUE_EMPTY'],
    ['10.0.3.4/33', 'PREFIX_LENGTH_INVALID'],
    ['10.0.3.4/', 'PREFIX_LENGTH_INVALID'],
    ['10.0.3.4/16/16', 'PREFIX_LENGTH_INVALID'],
    ['eth0/33', 'PREFIX_LENGTH_INVALID'],
    ['eth0/', 'PREFIX_LENGTH_INVALID'],
    ['eth0/x', 'PREFIX_LENGTH_INVALID'],
    ['default/-1', 'PREFIX_LENGTH_INVALID'],
    ['10.0.3/16', 'UNDERLAY_MALFORMED'],
    ['10/16', 'UNDERLAY_MALFORMED'],
    ['eth0 /16', 'UNDERLAY_MALFORMED'],
    ['eth0\n/16', 'UNDERLAY_MALFORMED'],
    [' 10.0.3.4/16', 'UNDERLAY_MALFORMED'],
    ['../16', 'UNDERLAY_MALFORMED'],
    ['a/b/16', 'UNDERLAY_MALFORMED'],
    ['sixteen_bytes_16/16', 'UNDERLAY_MALFORMED'],
    ['10.0.3.256/16', 'OCTET_OUT_OF_RANGE'],
    ['10.0.03.4/16', 'LEADING_ZERO'],
    ['fd00::1/64', 'IPV6_UNSUPPORTED'],
    ['::/0', 'IPV6_UNSUPPORTED'],
  ])('not %j: %s', (text, code) => {
    const error = errorOf(() => readUnderlay('--underlay', text))
    expect(error.code).toBe(code)
    expect(error.message).toMatch(/^--underlay /)
    expect(error.exitCode).toBe(2)
  })
})

describe('a refusal says what would be right', () => {
  test.each([
    ['10.0.03.4/16', 'write 10.0.3.4/16'],
    ['010.000.003.004/16', 'write 10.0.3.4/16'],
    ['10.0.3.4', 'such as 10.0.3.4/16'],
    ['10.0.3.256/16', 'from 0 to 255'],
    ['10.0.3/16', 'such as 10.0.3.4'],
    ['10.0.3.4/99', 'from 0 to 32, as in 10.0.0.0/16'],
    ['fd00::1/64', '10.0.3.4/16 for the underlay'],
  ])('%s: %s', (text, hint) => {
    expect(errorOf(() => readPrefix('--underlay', text)).hint).toContain(hint)
  })
})

test('an overlay without a length gets the usual one for an example', () => {
  expect(errorOf(() => readOverlay('--overlay', '250.0.0.0')).hint).toContain('such as 250.0.0.0/8')
})

test('an overlay keeps its host bits, for the arithmetic to refuse', () => {
  expect(readPrefix('--overlay', '250.1.0.0/8')).toEqual(prefix('250.1.0.0/8'))
})

test.each([
  ['10.0.3.4', undefined],
  ['10.0.3.4/16', 'ADDRESS_MALFORMED'],
  ['10.0.3.4 ', 'ADDRESS_MALFORMED'],
  ['', 'VALUE_EMPTY'],
  ['::1', 'IPV6_UNSUPPORTED'],
])('the address %j: %s', (text, code) => {
  if (code === undefined) expect(readAddress('the address', text)).toBe(address(text))
  else expect(errorOf(() => readAddress('the address', text)).code).toBe(code)
})

describe('a number', () => {
  test.each([
    ['576', 576],
    ['65535', 65_535],
    ['1480', 1480],
  ])('%s is read as %d', (text, value) => {
    expect(readNumber('--mtu', text, 576, 65_535)).toBe(value)
  })

  test.each(['', '575', '65536', '-576', '+1480', '1480.5', '1e3', '0x5c8', ' 1480', '1480\n', 'NaN', '9'.repeat(30)])(
    'is not %j',
    (text) => {
      const error = errorOf(() => readNumber('--mtu', text, 576, 65_535))
      expect(error.code).toBe('NUMBER_INVALID')
      expect(error.message).toContain('--mtu must be a whole number from 576 to 65535')
    },
  )
})

test('an empty text is no number, not even where 0 would be one', () => {
  expect(errorOf(() => readNumber('--seconds', '', 0, 9)).code).toBe('NUMBER_INVALID')
  expect(readNumber('--seconds', '0', 0, 9)).toBe(0)
})

test.each(['', 'IPIP', 'gre', 'ipip ', '__proto__'])('a choice is one of the words, not %j', (text) => {
  const error = errorOf(() => readChoice('--type', text, ['ipip', 'vxlan']))
  expect(error.code).toBe('CHOICE_INVALID')
  expect(error.message).toContain('ipip or vxlan')
  expect(readChoice('--type', 'vxlan', ['ipip', 'vxlan'])).toBe('vxlan')
})

/** What a terminal acts on. */
const acted = /[\p{Cc}\u2028\u2029]/u

test.each(['\u001b[31m', '\u009b31m\u007f\u2028', '00\u001b[31m\n', '1.2.3.4\r\n/8'])(
  'no message about the overlay %j holds a character that a terminal acts on',
  (text) => {
    const { message, hint } = errorOf(() => readPrefix('--overlay', text))
    expect(`${message}${hint}`).not.toMatch(acted)
  },
)

test('the hint for a leading zero is an address, or none', () => {
  expect(errorOf(() => readPrefix('--overlay', '010.0.3.4/8')).hint).toContain('write 10.0.3.4/8')
  expect(errorOf(() => readPrefix('--overlay', '010.300/8')).hint).not.toContain('10.300/8')
})

test('the hint for a missing length is one that the usual underlay takes', () => {
  const hint = errorOf(() => readOverlay('--overlay', '250.0.0.0')).hint ?? ''
  expect(fanMap(prefix(hint.replace(/.*such as /, '')), prefix('10.0.0.0/16')).overlay.length).toBe(8)
})

test.each([
  ['/16', 'ADDRESS_MALFORMED'],
  ['10.0.3.4:80/16', 'ADDRESS_MALFORMED'],
  ['fd00::1/16', 'IPV6_UNSUPPORTED'],
])('%s is %s', (text, code) => {
  expect(errorOf(() => readPrefix('--overlay', text)).code).toBe(code)
})
