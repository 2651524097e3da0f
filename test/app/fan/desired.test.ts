import { expect, test } from 'vitest'
import { factsOf } from '../../../src/app/fan/desired.js'
import type { Observation } from '../../../src/app/ports/machine.js'
import { fan, prefix } from '../../core/support.js'
import { ordinaryHost } from '../../fake/machine.js'

const one = fan()
const named = (link: string): Observation => ({
  ...ordinaryHost(prefix('10.0.3.4/16')),
  addresses: [{ link, prefix: prefix('10.0.3.4/16') }],
})

test.each(['eth0', 'enp0s31f6', 'bond0.12', 'br-lan'])(
  'the link %s with the address of the host is its card',
  (link) => {
    expect(factsOf([one], named(link)).cards).toEqual({ [one.host]: link })
  },
)

test.each(['eth*', 'a"b', 'a;b', '\\x'])('a link called %s has no place in a rule', (link) => {
  expect(factsOf([one], named(link)).cards).toEqual({})
})

test('a fan whose address is gone keeps the card that its table names', () => {
  const text =
    'iifname "eth7" ip protocol 4 ip saddr 10.0.0.0/16 ip daddr 10.0.3.4 notrack accept comment "0123456789ab"'
  const found: Observation = { ...named('eth0'), addresses: [], firewall: { text, rules: [] } }
  expect(factsOf([one], found).cards).toEqual({ [one.host]: 'eth7' })
  expect(factsOf([one], { ...found, firewall: undefined }).cards).toEqual({})
})
