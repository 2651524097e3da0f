import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FanOptions } from '../../../src/config/options/rows.js'
import {
  formatOptions,
  joinOptions,
  optionKeys,
  optionWords,
  readFlag,
  readOption,
  readSwitch,
} from '../../../src/config/options/words.js'
import { errorOf } from '../../core/support.js'

const anyOptions: fc.Arbitrary<FanOptions> = fc.record(
  {
    dhcp: fc.boolean(),
    nat: fc.boolean(),
    encapsulation: fc.constantFrom('ipip', 'vxlan'),
    steering: fc.constantFrom('auto', 'ebpf', 'fan-map', 'routes'),
    hostReserve: fc.integer({ min: 1, max: 2 ** 24 }),
    bridge: fc.constantFrom('fan0', 'dhcp', 'off'),
    mtu: fc.integer({ min: 576, max: 65_535 }),
    vni: fc.integer({ min: 1, max: 2 ** 24 - 1 }),
    port: fc.integer({ min: 1, max: 65_535 }),
    enable: fc.constant(true),
  },
  { requiredKeys: [] },
)

test('any options are the words that they are written as, in one order', () => {
  fc.assert(
    fc.property(anyOptions, (options) => {
      const words = formatOptions(options)
      const read = words.map((text) => {
        const [name = '', value] = text.split(' ')
        return value === undefined ? (readSwitch(name) ?? {}) : readOption(name, value)
      })
      expect(read.reduce(joinOptions, {})).toEqual(options)
      const order = [...optionKeys.values()]
      const places = read.map((one) => order.findIndex((key) => key in one))
      expect(places).toEqual([...places].sort((a, b) => a - b))
    }),
  )
})

test('the words are those of ubuntu-fan and ours', () => {
  expect(optionWords).toEqual([
    ...['auto', 'dhcp', 'enable', 'nat', 'no-dhcp', 'no-nat'],
    ...['bridge', 'host-reserve', 'mtu', 'port', 'steering', 'type', 'vni'],
  ])
  expect(readSwitch('auto')).toEqual({ enable: true })
  expect(readSwitch('no-enable')).toBeUndefined()
})

describe('a flag', () => {
  test.each([
    ['mtu', '1400', { mtu: 1400 }],
    ['type', 'vxlan', { encapsulation: 'vxlan' }],
    ['host-reserve', '5', { hostReserve: 5 }],
    ['dhcp', false, { dhcp: false }],
    ['nat', true, { nat: true }],
  ])('--%s %s is an option without a detour', (name, value, options) => {
    expect(readFlag(name, value)).toEqual(options)
  })

  test.each([
    ['mtu', 'x', 'NUMBER_INVALID', '--mtu'],
    ['type', 'gre', 'CHOICE_INVALID', '--type'],
    ['bridge', 'a;b', 'BRIDGE_NAME_INVALID', 'a;b'],
    ['nonsense', true, 'OPTION_UNKNOWN', 'nonsense'],
  ])('that is wrong is called as the person typed it: --%s %s', (name, value, code, about) => {
    const error = errorOf(() => readFlag(name, value))
    expect(error.code).toBe(code)
    expect(error.message).toContain(about)
  })
})

test('an option that is said twice has to be the same', () => {
  expect(joinOptions({ dhcp: true, mtu: 1400 }, { dhcp: true })).toEqual({ dhcp: true, mtu: 1400 })
  expect(errorOf(() => joinOptions({ mtu: 1400 }, { mtu: 1401 })).details).toEqual({
    one: 'mtu 1400',
    other: 'mtu 1401',
  })
  expect(errorOf(() => joinOptions({ nat: true }, { nat: false })).details).toEqual({ one: 'nat', other: 'no-nat' })
})
