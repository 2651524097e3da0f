import { expect, test } from 'vitest'
import { settingFlags, settingUsage } from '../../src/commands/flags.js'
import { rows } from '../../src/config/options/rows.js'

test('every option is a flag, and one with a value says what that is', () => {
  expect(Object.keys(settingFlags)).toEqual(rows.map(({ name }) => name))
  for (const row of rows)
    expect(settingFlags).toHaveProperty(
      row.name,
      expect.objectContaining(
        row.value === undefined
          ? { type: 'boolean', allowNo: row.negatable }
          : { type: 'option', helpValue: row.value },
      ),
    )
})

test.each([
  ['dhcp', /; default: off$/],
  ['nat', /; default: on$/],
  ['type', /; default: ipip$/],
  ['host-reserve', /; default: 1$/],
  ['bridge', /; default: from the overlay, fan-250 for 250\.0\.0\.0\/8$/],
  ['port', /^vxlan only: .*; default: 8472$/],
  ['enable', /^(?!.*default)/],
] as const)('the help of --%s says its default and who has it', (name, text) => {
  expect(settingFlags[name].description).toMatch(text)
})

test('usages name what a person would type', () => {
  expect(settingUsage).toMatch(/^\[--dhcp\] \[--no-nat\] \[--type TYPE\] .*\[--mtu BYTES\].* \[--enable\]$/)
})
