import { expect, test } from 'vitest'
import * as z from 'zod/mini'
import { fieldsOf, fieldsSchema, settingsOf } from '../../../src/config/options/fields.js'
import { fan } from '../../core/support.js'

const one = fan({ type: 'vxlan', hostReserve: 5, vni: 7 })

test('a field is called as its option, in camelCase, and what is computed is left out', () => {
  expect(fieldsOf(one)).toEqual({
    ...{ dhcp: false, nat: true, type: 'vxlan', steering: 'ebpf', hostReserve: 5, bridge: 'fan-250', vni: 7 },
    enable: false,
  })
})

test('fields read as the settings that they were', () => {
  expect({ ...one, ...settingsOf(fieldsOf(one)) }).toEqual(one)
})

test.each([
  [{}, true],
  [{ bridge: undefined, vni: undefined }, true],
  [{ nat: undefined }, false],
  [{ steering: 'auto' }, false],
  [{ mtu: 575 }, false],
  [{ port: 65_536 }, false],
  [{ dhcp: 'yes' }, false],
])('every option has a schema, and one with a default has to be there: %j', (changes, isRight) => {
  expect(z.object(fieldsSchema(z)).safeParse({ ...fieldsOf(one), ...changes }).success).toBe(isRight)
})
