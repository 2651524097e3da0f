import { expect, test } from 'vitest'
import { letThrough } from '../../../src/app/fan/firewall-advice.js'
import { fan } from '../../core/support.js'

const ipip = fan()
const vxlan = fan({ overlay: '251.0.0.0/8', type: 'vxlan' })

test.each([
  ['ip ufw forward', ipip, 'ufw route allow in on fan-250 && ufw route allow out on fan-250'],
  ['ip6 filter ufw-forward', vxlan, 'ufw route allow in on fan-251 && ufw route allow out on fan-251'],
  [
    'ip filter FORWARD',
    ipip,
    'iptables -I FORWARD -i fan-250 -j ACCEPT && iptables -I FORWARD -o fan-250 -j ACCEPT && iptables -I FORWARD -i ftun0 -j ACCEPT && iptables -I FORWARD -o ftun0 -j ACCEPT',
  ],
  [
    'ip filter FORWARD',
    vxlan,
    'iptables -I FORWARD -i fan-251 -j ACCEPT && iptables -I FORWARD -o fan-251 -j ACCEPT && iptables -I FORWARD -i ftun-251 -j ACCEPT && iptables -I FORWARD -o ftun-251 -j ACCEPT',
  ],
  [
    'inet site forward',
    vxlan,
    'nft insert rule inet site forward iifname fan-251 accept && nft insert rule inet site forward oifname fan-251 accept',
  ],
  // A program that speaks netlink itself may use any name; nft would take this one for two commands.
  ['inet site x;flush', vxlan, 'see: nft list ruleset'],
])('the chain %s lets a fan through after: %#', (chain, one, help) => {
  expect(letThrough(chain, one)).toBe(help)
})
