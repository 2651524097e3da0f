import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Encapsulation, Fan, Steering } from '../../src/core/fan.js'
import { firewallOf, parseFirewall } from '../../src/core/firewall.js'
import { anyFans } from './arbitraries.js'
import { fan } from './support.js'

const ruleLines = (text = '') => text.split('\n').flatMap((line) => (line.includes(' comment ') ? [line.trim()] : []))

describe('the table', () => {
  test('is none without fans', () => {
    expect(firewallOf([])).toBeUndefined()
  })

  test('drops what says to come from the overlay and did not come out of the tunnel', () => {
    const other = fan({ type: 'vxlan', overlay: '251.0.0.0/8' })
    const guards = ruleLines(firewallOf([fan({ type: 'vxlan' }), other])?.text).slice(0, 2)
    expect(guards.map((line) => line.replace(/ comment .*/, ''))).toEqual([
      'iifname != { "fan-250", "lo" } ip saddr 250.3.4.0/24 drop',
      'iifname != { "fan-250", "ftun-250", "lo" } ip saddr 250.0.0.0/8 ip daddr { 250.3.4.0/24, 251.3.4.0/24 } drop',
    ])
  })

  test('masquerades what leaves the overlay, and never what stays in it or on the bridge', () => {
    const [, , masquerade] = ruleLines(firewallOf([fan()])?.text)
    expect(masquerade).toMatch(
      /^ip saddr 250\.3\.4\.0\/24 ip daddr != 250\.0\.0\.0\/8 oifname != "fan-250" masquerade comment/,
    )
  })

  test('has no chain for NAT where no fan wants it', () => {
    const text = firewallOf([fan({ nat: false })])?.text
    expect(text).not.toContain('nat')
    expect(ruleLines(text)).toHaveLength(2)
  })

  test('looks at what comes out of a routed tunnel where no program does', () => {
    const lines = (steering: Steering, type: Encapsulation) =>
      ruleLines(firewallOf([fan({ steering, type })])?.text).map((line) => line.replace(/ comment .*/, ''))
    for (const type of ['ipip', 'vxlan'] as const) {
      const tunnel = type === 'ipip' ? 'ftun0' : 'ftun-250'
      expect(lines('routes', type).slice(2, 4)).toEqual([
        `iifname "${tunnel}" ip daddr 250.3.4.0/24 ip saddr != 250.0.0.0/8 drop`,
        `iifname "${tunnel}" ip daddr != { 250.3.4.0/24 } drop`,
      ])
      expect(lines('ebpf', type)).toHaveLength(3)
    }
    expect(lines('fan-map', 'ipip')).toHaveLength(5)
    expect(lines('fan-map', 'vxlan')).toHaveLength(3)
  })

  test('looks at what comes out of a shared tunnel once', () => {
    const pair = [fan({ steering: 'routes' }), fan({ steering: 'routes', overlay: '251.0.0.0/8' })]
    const text = firewallOf(pair)?.text ?? ''
    expect(text.match(/iifname "ftun0" ip daddr != \{ 250\.3\.4\.0\/24, 251\.3\.4\.0\/24 \} drop/g)).toHaveLength(1)
  })

  test('has two guards for each fan and a masquerade for each with NAT, and a digest for each of them', () => {
    fc.assert(
      fc.property(anyFans, (all) => {
        const fans = all.map((one): Fan => ({ ...one, steering: 'ebpf' }))
        const table = firewallOf(fans)
        const expected = 2 * fans.length + fans.filter(({ nat }) => nat).length
        expect(ruleLines(table?.text)).toHaveLength(expected)
        expect(new Set(table?.rules).size).toBe(expected)
      }),
    )
  })

  test('read back has the rules that were written', () => {
    fc.assert(
      fc.property(anyFans, (fans) => {
        expect(parseFirewall(firewallOf(fans)?.text ?? '')?.rules).toEqual(firewallOf(fans)?.rules)
      }),
    )
  })
})

test('a table in the words of nft has its digests in the comments', () => {
  const text = `table inet fanctl {
	chain prerouting {
		type filter hook prerouting priority raw; policy accept;
		iifname != { "lo", "fan-250", "ftun0" } ip saddr 250.0.0.0/8 ip daddr 250.3.4.0/24 drop comment "0123456789ab"
	}
}
`
  expect(parseFirewall(text)).toEqual({ text, rules: ['0123456789ab'] })
})

test.each(['', 'table inet filter {\n}\n', 'table ip fanctl {\n}\n'])('%j is not our table', (text) => {
  expect(parseFirewall(text)).toBeUndefined()
})
