import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bridgeName, checkBridgeName, isLinkName, sharedTunnelName, tunnelName } from '../../src/core/names.js'
import { anyFans, anyMap } from './arbitraries.js'
import { errorOf, prefix } from './support.js'

describe('the links of an overlay', () => {
  test.each([
    ['250.0.0.0/8', 'fan-250', 'ftun-250'],
    ['172.31.0.0/16', 'fan-172-31', 'ftun-172-31'],
    ['100.64.0.0/10', 'fan-100-64', 'ftun-100-64'],
    ['10.0.4.0/22', 'fan-10-0-4', 'ftun-10-0-4'],
    ['10.10.10.4/30', 'fan-10-10-10-4', 'ftun-10-10-10-4'],
    // 15 bytes are the most: what is longer is written in hexadecimal.
    ['172.31.128.0/20', 'fan-172-31-128', 'ftun-172-31-128'],
    ['10.100.10.16/28', 'fan-0a640a10', 'ftun-0a640a10'],
    ['172.31.28.4/30', 'fan-172-31-28-4', 'ftun-ac1f1c04'],
    ['172.131.128.64/26', 'fan-ac838040', 'ftun-ac838040'],
  ])('%s are the bridge %s and the tunnel %s', (overlay, bridge, tunnel) => {
    expect(bridgeName(prefix(overlay))).toBe(bridge)
    expect(tunnelName(prefix(overlay))).toBe(tunnel)
  })

  test('have names that may be given to a bridge, whatever the overlay', () => {
    fc.assert(
      fc.property(anyMap, ({ overlay }) => {
        expect(checkBridgeName(bridgeName(overlay))).toBe(bridgeName(overlay))
        expect(isLinkName(tunnelName(overlay))).toBe(true)
      }),
    )
  })

  test('have different names when the overlays are apart', () => {
    fc.assert(
      fc.property(anyFans, (fans) => {
        const names = [sharedTunnelName, ...fans.flatMap(({ overlay }) => [bridgeName(overlay), tunnelName(overlay)])]
        expect(new Set(names).size).toBe(names.length)
      }),
    )
  })
})

describe('a bridge', () => {
  test.each(['fan-250', 'br0', 'a', '_x', '0', 'br.100', 'A-b_c.9', 'exactly15bytes_'])('may be called %s', (name) => {
    expect(checkBridgeName(name)).toBe(name)
  })

  test.each([
    ['', 'it is empty'],
    ['sixteen_bytes_16', 'it has 16 bytes; the kernel allows 15'],
    ['fächerfächerfä', 'it has 17 bytes; the kernel allows 15'],
    ['a/b', 'only letters'],
    ['..', 'it must begin with'],
    ['.', 'it must begin with'],
    ['.hidden', 'it must begin with'],
    ['-x', 'it must begin with'],
    ['--force', 'it must begin with'],
    ['a b', 'only letters'],
    ['a\n', 'only letters'],
    ['a\nuser=root', 'only letters'],
    ['a:b', 'only letters'],
    ['a"b', 'only letters'],
    ["a'b", 'only letters'],
    ['a;b', 'only letters'],
    ['a,b', 'only letters'],
    ['fan-*', 'only letters'],
    ['fächer', 'only letters'],
    ['brücke🌉', 'only letters'],
    ['a\0b', 'only letters'],
    ['lo', 'the kernel reserves it'],
    ['all', 'the kernel reserves it'],
    ['default', 'the kernel reserves it'],
  ])('may not be called %j: %s', (name, problem) => {
    const error = errorOf(() => checkBridgeName(name))
    expect(error.code).toBe('BRIDGE_NAME_INVALID')
    expect(error.message).toContain(JSON.stringify(name))
    expect(error.message).toContain(problem)
  })
})

describe('the kernel takes as the name of a link', () => {
  test.each([
    ['eth0', true],
    ['enp0s3', true],
    ['eth0.100', true],
    ['br-ex', true],
    ['"quoted"', true],
    ['exactly15bytes_', true],
    ['sixteen_bytes_16', false],
    ['', false],
    ['.', false],
    ['..', false],
    ['...', true],
    ['a/b', false],
    ['a:b', false],
    ['a b', false],
    ['a\tb', false],
    ['a\n', false],
    ['a\0', false],
  ])('%j: %s', (name, expected) => {
    expect(isLinkName(name)).toBe(expected)
  })
})
