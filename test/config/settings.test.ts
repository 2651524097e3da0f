import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { networksOf, networksOfSettings, settingsName } from '../../src/config/networks.js'
import type { FanOptions } from '../../src/config/options/rows.js'
import { optionKeys } from '../../src/config/options/words.js'
import { parseSettings, setSettings, unsetSettings } from '../../src/config/settings.js'
import { readOverlay, readUnderlay } from '../../src/config/values.js'
import { isLinkName } from '../../src/core/names.js'
import type { NamedNetworks } from '../../src/core/networks.js'
import { anyMap } from '../core/arbitraries.js'

const named = (underlay: string, overlay: string): NamedNetworks => ({
  overlay: readOverlay('the overlay', overlay),
  underlay: readUnderlay('the underlay', underlay),
})

describe('the file of the settings', () => {
  test.each([
    ['10.0.3.4/16', '250', '10.0.0.0-16--250.0.0.0-8.conf'],
    ['eth0', '250.0.0.0/8', 'eth0-16--250.0.0.0-8.conf'],
    ['br-ex/20', '100.64.0.0/10', 'br-ex-20--100.64.0.0-10.conf'],
    ['a--b-1/16', '250', 'a--b-1-16--250.0.0.0-8.conf'],
    ['default/24', '250', 'default-24--250.0.0.0-8.conf'],
  ])('of %s and %s is %s, and back', (underlay, overlay, name) => {
    expect(settingsName(named(underlay, overlay))).toBe(name)
    expect(settingsName(networksOfSettings(name) ?? named('lo', '1'))).toBe(name)
  })

  test.each([
    'mine.conf',
    '10.0.3.4-16--250.0.0.0-8.conf',
    'eth0--250.0.0.0-8.conf',
    'eth0-08--250.0.0.0-8.conf',
    '.conf',
  ])('is none of fanctl: %s', (name) => {
    expect(networksOfSettings(name)).toBeUndefined()
  })

  test('tells any two networks and any device', () => {
    const device = fc
      .string({ minLength: 1, maxLength: 15 })
      .filter((text) => isLinkName(text) && !/^[\d.]+$/.test(text))
    fc.assert(
      fc.property(anyMap, fc.option(device), ({ overlay, underlay }, name) => {
        const one: NamedNetworks = {
          overlay,
          underlay:
            name === null || name === 'default'
              ? { kind: 'prefix', prefix: underlay }
              : { kind: 'device', device: name, length: underlay.length },
        }
        const back = networksOfSettings(settingsName(one))
        expect(back && networksOf(back)).toBe(networksOf(one))
        expect(settingsName(one)).not.toContain('/')
      }),
    )
  })
})

const text = '# why\ntype vxlan  # as on all hosts\n\n--mtu=1400\nhost-reserve 5 dhcp\n'

describe('kept settings', () => {
  test('are options in any form', () => {
    expect(parseSettings(text)).toEqual({
      options: { encapsulation: 'vxlan', mtu: 1400, hostReserve: 5, dhcp: true },
      problems: [],
    })
  })

  test.each([
    ['dhpc', 1, 'OPTION_UNKNOWN'],
    ['10.0.0.0/16', 1, 'OPTION_UNKNOWN'],
    ['-u eth0', 1, 'OPTION_UNKNOWN'],
    ['dhcp off', 1, 'OPTION_UNKNOWN'],
    ['  mtu 1300', 3, 'OPTION_CONTRADICTED'],
    ['vni', 1, 'OPTION_MISSING'],
    ['bridge a;b', 1, 'BRIDGE_NAME_INVALID'],
  ])('that are wrong are known with their place: %s', (line, column, code) => {
    const { problems } = parseSettings(`${text}${line}\n`)
    expect(problems.map((one) => [one.line, one.column, one.error.code])).toEqual([[6, column, code]])
  })

  test('change in their place, and new ones are at the end', () => {
    expect(setSettings(text, { encapsulation: 'ipip', dhcp: false, nat: false })).toBe(
      '# why\ntype ipip  # as on all hosts\n\n--mtu=1400\nno-dhcp host-reserve 5\nno-nat\n',
    )
    expect(setSettings('', { bridge: 'fan0', nat: true })).toBe('nat\nbridge fan0\n')
    expect(setSettings('dhcp', { mtu: 1400 })).toBe('dhcp\nmtu 1400\n')
  })

  test('go, and their comments stay', () => {
    expect(unsetSettings(text, ['encapsulation', 'mtu', 'dhcp'])).toBe('# why\n  # as on all hosts\n\nhost-reserve 5\n')
  })

  const anyOptions: fc.Arbitrary<FanOptions> = fc.record(
    {
      encapsulation: fc.constantFrom('ipip', 'vxlan'),
      dhcp: fc.boolean(),
      nat: fc.boolean(),
      mtu: fc.integer({ min: 576, max: 9000 }),
      vni: fc.integer({ min: 1, max: 99 }),
      bridge: fc.constantFrom('off', 'fan0', 'dhcp'),
    },
    { requiredKeys: [] },
  )

  test('are what was set, over what was there', () => {
    fc.assert(
      fc.property(anyOptions, anyOptions, (one, other) => {
        const both = setSettings(setSettings('# a\n', one), other)
        expect(parseSettings(both).options).toEqual({ ...one, ...other })
        expect(both.startsWith('# a\n')).toBe(true)
        expect(unsetSettings(both, [...optionKeys.values()])).toBe('# a\n')
      }),
    )
  })
})
