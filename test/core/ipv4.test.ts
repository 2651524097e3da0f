import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  contains,
  formatAddress,
  formatPrefix,
  hasHostBits,
  ipv4,
  lastOf,
  netmaskOf,
  networkOf,
  overlaps,
  parseAddress,
  parseLength,
  parsePrefix,
  samePrefix,
  sizeOf,
} from '../../src/core/ipv4.js'
import { anyAddress } from './arbitraries.js'
import { address, prefix } from './support.js'

describe('an address', () => {
  test.each([
    ['0.0.0.0', 0],
    ['0.0.0.1', 1],
    ['10.0.3.4', 167_772_932],
    ['127.255.255.255', 2 ** 31 - 1],
    ['128.0.0.0', 2 ** 31],
    ['255.255.255.255', 2 ** 32 - 1],
  ])('%s is the number %d, both ways', (text, value) => {
    expect(parseAddress(text)).toBe(value)
    expect(formatAddress(ipv4(value))).toBe(text)
  })

  test.each([
    ['', 'empty'],
    ['::1', 'ipv6'],
    ['fe80::1', 'ipv6'],
    ['::ffff:10.0.3.4', 'ipv6'],
    ['2001:db8::', 'ipv6'],
    ['010.0.3.4', 'leading-zero'],
    ['10.00.3.4', 'leading-zero'],
    ['10.0.3.04', 'leading-zero'],
    ['256.0.0.0', 'octet-range'],
    ['10.0.3.999', 'octet-range'],
    ['10.0.3.1234', 'octet-range'],
    ['10', 'malformed'],
    ['10.0.3', 'malformed'],
    ['10.0.3.', 'malformed'],
    ['.10.0.3.4', 'malformed'],
    ['10..3.4', 'malformed'],
    ['10.0.3.4.', 'malformed'],
    ['10.0.3.4.5', 'malformed'],
    ['....', 'malformed'],
    [' 10.0.3.4', 'malformed'],
    ['10.0.3.4 ', 'malformed'],
    ['10.0. 3.4', 'malformed'],
    ['10.0.3.4\n', 'malformed'],
    ['10.0.3.4\n10.0.3.5', 'malformed'],
    ['10.0.3.4\0', 'malformed'],
    ['+10.0.3.4', 'malformed'],
    ['10.0.3.-4', 'malformed'],
    ['0x0a.0.3.4', 'malformed'],
    ['a.0.3.4', 'malformed'],
    ['1e1.0.3.4', 'malformed'],
    ['１0.0.3.4', 'malformed'],
    ['10.0.3.4/16', 'malformed'],
    ['localhost', 'malformed'],
  ])('%j is refused as %s', (text, problem) => {
    expect(parseAddress(text)).toBe(problem)
  })

  test('every address survives being written and read', () => {
    fc.assert(
      fc.property(anyAddress, (value) => {
        expect(parseAddress(formatAddress(value))).toBe(value)
      }),
    )
  })

  test('no other text than the one that is written is read as an address', () => {
    const nearly = fc.array(fc.constantFrom(...'0129.5 +x:/'), { maxLength: 16 }).map((letters) => letters.join(''))
    fc.assert(
      fc.property(nearly, (text) => {
        const parsed = parseAddress(text)
        if (typeof parsed === 'number') expect(formatAddress(parsed)).toBe(text)
      }),
    )
  })

  test.each([-1, 2 ** 32, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('the number %d is none', (value) => {
    expect(() => ipv4(value)).toThrow(RangeError)
  })
})

describe('a prefix', () => {
  test.each([
    ['10.0.3.4/16', '10.0.3.4', 16],
    ['0.0.0.0/0', '0.0.0.0', 0],
    ['255.255.255.255/32', '255.255.255.255', 32],
  ])('%s keeps its address and its length', (text, host, length) => {
    expect(parsePrefix(text)).toEqual({ address: address(host), length })
    expect(formatPrefix({ address: address(host), length })).toBe(text)
  })

  test.each([
    ['', 'empty'],
    ['10.0.3.4', 'length-missing'],
    ['10.0.3.4/', 'length-range'],
    ['10.0.3.4/33', 'length-range'],
    ['10.0.3.4/-1', 'length-range'],
    ['10.0.3.4/+8', 'length-range'],
    ['10.0.3.4/08', 'length-range'],
    ['10.0.3.4/8.5', 'length-range'],
    ['10.0.3.4/ 8', 'length-range'],
    ['10.0.3.4/8\n', 'length-range'],
    ['10.0.3.4/0x8', 'length-range'],
    ['10.0.3.4/16/16', 'length-range'],
    ['10.0.3.4/255.255.0.0', 'length-range'],
    ['fe80::1/64', 'ipv6'],
    ['010.0.0.0/8', 'leading-zero'],
    ['10.0.0.256/8', 'octet-range'],
    ['10.0.0/8', 'malformed'],
    ['10.0.0.0 /8', 'malformed'],
  ])('%j is refused as %s', (text, problem) => {
    expect(parsePrefix(text)).toBe(problem)
  })

  test('lengths are the whole numbers from 0 to 32', () => {
    const texts = Array.from({ length: 100 }, (_, number) => String(number))
    expect(texts.filter((text) => parseLength(text) !== undefined)).toEqual(texts.slice(0, 33))
  })
})

describe('networks', () => {
  test.each([
    // prefix, network, last address, netmask, addresses
    ['10.0.3.4/16', '10.0.0.0/16', '10.0.255.255', '255.255.0.0', 65_536],
    ['250.3.4.1/8', '250.0.0.0/8', '250.255.255.255', '255.0.0.0', 2 ** 24],
    ['240.129.0.1/17', '240.129.0.0/17', '240.129.127.255', '255.255.128.0', 32_768],
    ['10.0.3.4/0', '0.0.0.0/0', '255.255.255.255', '0.0.0.0', 2 ** 32],
    ['255.255.255.255/1', '128.0.0.0/1', '255.255.255.255', '128.0.0.0', 2 ** 31],
    ['10.0.3.7/30', '10.0.3.4/30', '10.0.3.7', '255.255.255.252', 4],
    ['10.0.3.4/32', '10.0.3.4/32', '10.0.3.4', '255.255.255.255', 1],
  ])('%s is in %s, which ends at %s and has the netmask %s', (text, network, last, netmask, size) => {
    expect(formatPrefix(networkOf(prefix(text)))).toBe(network)
    expect(formatAddress(lastOf(prefix(text)))).toBe(last)
    expect(formatAddress(netmaskOf(prefix(text).length))).toBe(netmask)
    expect(sizeOf(prefix(text).length)).toBe(size)
    expect(hasHostBits(prefix(text))).toBe(text !== network)
  })

  test.each([
    ['10.0.0.0/16', '10.0.0.0', true],
    ['10.0.0.0/16', '10.0.255.255', true],
    ['10.0.3.4/16', '10.0.9.9', true],
    ['10.0.0.0/16', '10.1.0.0', false],
    ['10.0.0.0/16', '9.255.255.255', false],
    ['240.0.0.0/4', '255.255.255.255', true],
    ['240.0.0.0/4', '112.0.0.0', false],
    ['0.0.0.0/0', '255.0.0.1', true],
    ['10.0.3.4/32', '10.0.3.5', false],
  ])('whether %s holds %s is %s', (network, host, expected) => {
    expect(contains(prefix(network), address(host))).toBe(expected)
  })

  test.each([
    ['10.0.0.0/8', '10.0.0.0/16', true],
    ['10.0.3.4/16', '10.0.0.0/24', true],
    ['10.0.0.0/16', '10.1.0.0/16', false],
    ['0.0.0.0/0', '250.0.0.0/8', true],
    ['128.0.0.0/1', '0.0.0.0/1', false],
    ['10.0.3.4/32', '10.0.3.4/32', true],
  ])('whether %s overlaps %s is %s, either way round', (one, other, expected) => {
    expect(overlaps(prefix(one), prefix(other))).toBe(expected)
    expect(overlaps(prefix(other), prefix(one))).toBe(expected)
  })

  test('prefixes are the same only with the same host bits and length', () => {
    expect(samePrefix(prefix('10.0.3.4/16'), prefix('10.0.3.4/16'))).toBe(true)
    expect(samePrefix(prefix('10.0.3.4/16'), prefix('10.0.0.0/16'))).toBe(false)
    expect(samePrefix(prefix('10.0.0.0/16'), prefix('10.0.0.0/17'))).toBe(false)
  })
})
