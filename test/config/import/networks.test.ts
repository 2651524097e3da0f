import { expect, test } from 'vitest'
import { formatIpv6, isIpv6, lostIpv6 } from '../../../src/config/import/networks.js'

test.each([
  ['fd00::/48', true],
  ['::1', true],
  ['fe80::1%eth0/64', true],
  ['::ffff:10.0.0.0/112', true],
  ['10.0.0.0/8', false],
  ['10.0.0.1', false],
  ['fd00::/129', false],
  ['1::2::3/64', false],
  ['12:34', false],
  ['none', false],
  ['', false],
  [':'.repeat(100_000), false],
])('whether %s is IPv6: %s', (text, is) => {
  expect(isIpv6(text)).toBe(is)
})

test.each([
  ['FD00:0:0::/48', 'fd00::/48'],
  ['fd00:0:0:1::', 'fd00:0:0:1::'],
  ['2001:db8:0:0:1:0:0:1/64', '2001:db8::1:0:0:1/64'],
])('%s is written %s', (text, written) => {
  expect(formatIpv6(text)).toBe(written)
})

test('what is not imported is named only if it is a network', () => {
  expect(lostIpv6('ipv6.address', 'FD00::1/64')).toBe('ipv6.address fd00::1/64: fans are IPv4 only')
  expect(lostIpv6('ipv6.address', 'none')).toBe('ipv6.address: fans are IPv4 only')
})
