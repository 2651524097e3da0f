import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Fan } from '../../../src/core/fan.js'
import { dropsOf, firewallOf, parseFirewall } from '../../../src/core/firewall/table.js'
import { cardIn } from '../../../src/core/firewall/tunnel-rules.js'
import type { SteeringName } from '../../../src/core/steerings/names.js'
import type { TypeName } from '../../../src/core/types/types.js'
import { anyFans } from '../arbitraries.js'
import { fan } from '../support.js'

const ruleLines = (text = '') => text.split('\n').flatMap((line) => (line.includes(' comment ') ? [line.trim()] : []))
const plain = (lines: readonly string[]) =>
  lines.map((line) => line.replace(/ comment .*/, '').replace(/(^| )counter drop/, '$1drop'))
/** The rules of one chain, without digests and counters. */
const chainOf = (name: string, fans: readonly Fan[]) => {
  const part = firewallOf(fans)?.text.split(`  chain ${name} {`)[1]?.split('  }')[0]
  return plain(ruleLines(part))
}
const routed = fan()
const bridged = fan({ type: 'vxlan' })

describe('the table', () => {
  test('is none without fans', () => {
    expect(firewallOf([])).toBeUndefined()
  })

  test('drops what says to come from the overlay and did not come out of the tunnel', () => {
    const other = fan({ type: 'vxlan', overlay: '251.0.0.0/8' })
    expect(chainOf('prerouting', [bridged, other])).toEqual(
      expect.arrayContaining([
        'ip saddr 250.3.4.0/24 drop',
        'iifname != "ftun-250" ip saddr 250.0.0.0/8 ip daddr { 250.3.4.0/24, 251.3.4.0/24 } drop',
      ]),
    )
  })

  test('asks nothing else about what comes from a bridge or from the host itself', () => {
    const other = fan({ type: 'vxlan', overlay: '251.0.0.0/8' })
    expect(chainOf('prerouting', [routed, other]).slice(0, 4)).toEqual([
      'iifname "fan-250" goto from-fan-250',
      'iifname "fan-251" goto from-fan-251',
      'iifname "lo" udp dport 8472 drop',
      'iifname "lo" accept',
    ])
  })

  test('lets the tunnel alone send tunnel packets with an address of this host', () => {
    const second = fan({ type: 'vxlan', overlay: '251.0.0.0/8' })
    const elsewhere = fan({ type: 'vxlan', overlay: '252.0.0.0/8', port: 4789 })
    const tunnelPackets = (fans: readonly Fan[]) =>
      chainOf('after-nat', fans).filter((line) => !line.startsWith('icmp'))
    expect(tunnelPackets([bridged, second, elsewhere])).toEqual([
      'udp dport 8472 ip daddr 10.0.0.0/16 iifname != { "ftun-250", "ftun-251" } fib saddr type local drop',
      'udp dport 4789 ip daddr 10.0.0.0/16 iifname != { "ftun-252" } fib saddr type local drop',
    ])
    expect(tunnelPackets([routed])).toEqual([
      'ip protocol 4 meta iifkind "ipip" accept',
      'ip protocol 4 ip daddr 10.0.0.0/16 @th,96,32 & 0xff000000 == 0xfa000000 fib saddr type local drop',
    ])
  })

  test('takes tunnel packets from and to addresses of the underlay only, whichever fans share a port', () => {
    const forTunnels = (fans: readonly Fan[]) => chainOf('arrival', fans).filter((line) => !/icmp|dport 53/.test(line))
    const narrow = fan({ type: 'vxlan', overlay: '251.0.0.0/8', underlay: '10.0.3.4/24' })
    const beside = fan({ type: 'vxlan', overlay: '252.0.0.0/8', underlay: '192.168.7.8/24' })
    expect(forTunnels([bridged, narrow, beside])).toEqual([
      'udp dport 8472 ip saddr 10.0.0.0/16 ip daddr 10.0.3.4 accept',
      'udp dport 8472 ip saddr 10.0.3.0/24 ip daddr 10.0.3.4 accept',
      'udp dport 8472 ip saddr 192.168.7.0/24 ip daddr 192.168.7.8 accept',
      'udp dport 8472 drop',
    ])
    expect(forTunnels([routed])).toEqual([
      'ip protocol 4 @th,96,32 & 0xff000000 == 0xfa000000 ip saddr 10.0.0.0/16 ip daddr 10.0.3.4 accept',
      'ip protocol 4 @th,96,32 & 0xff000000 == 0xfa000000 drop',
    ])
  })

  test('believes no container about the size of packets between hosts', () => {
    const about = 'icmp type destination-unreachable icmp code frag-needed'
    const quoted = '@th,192,32 & 0xffff0000 == 0x0a000000'
    const containers = 'meta iifkind { "bridge", "veth", "tun" }'
    expect(chainOf('arrival', [routed]).filter((line) => line.startsWith('icmp'))).toEqual([
      `${about} ${quoted} @th,160,32 & 0xffffffff == 0x0a000304 ip daddr != 10.0.3.4 drop`,
      `${about} ${quoted} ip saddr 250.0.0.0/8 drop`,
      `${about} ${quoted} meta iifkind != { "bond", "team" } fib daddr . iif type != local drop`,
    ])
    expect(chainOf('after-nat', [routed]).filter((line) => line.startsWith('icmp'))).toEqual([
      `${about} ip daddr 10.0.0.0/16 ${containers} ${quoted} drop`,
      `${about} ip daddr 10.0.0.0/16 ${containers} ip frag-off & 0x2000 != 0 drop`,
    ])
  })

  test('lets the overlay alone ask the DNS server', () => {
    expect(chainOf('arrival', [routed])).toContain(
      'ip daddr 250.3.4.1 meta l4proto { tcp, udp } th dport 53 iifname != { "fan-250", "ftun0", "lo" } drop',
    )
  })

  test("lets tunnel packets between hosts in at once on the link with this host's address, where that is known", () => {
    const known = { cards: { [bridged.host]: 'eth0' } }
    const table = (fans: readonly Fan[]) => firewallOf(fans, known)?.text ?? ''
    const first = 'iifname "eth0" udp dport 8472 ip saddr 10.0.0.0/16 ip daddr 10.0.3.4 notrack accept'
    expect(table([bridged])).toContain(first)
    expect(table([routed])).toContain(first.replace('udp dport 8472', 'ip protocol 4'))
    expect(firewallOf([bridged])?.text).not.toContain('eth0')
    // Hosts that are containers of another fan have that one's rules to pass.
    expect(table([bridged, fan({ type: 'vxlan', overlay: '8.0.0.0/6', underlay: '192.168.7.8/24' })])).not.toContain(
      'eth0',
    )
    const printed = `\t\t${first} comment "0123456789ab"\n`
    expect(cardIn(printed, bridged)).toBe('eth0')
    expect(cardIn(printed.replace('10.0.3.4', '10.0.3.40'), bridged)).toBeUndefined()
  })

  test('lets tunnel packets in where their sender is, and tracks none', () => {
    const where = 'meta iifkind != { "bond", "team" } fib daddr . iif type != local fib saddr . iif oif missing drop'
    expect(chainOf('prerouting', [bridged]).slice(1, 5)).toEqual([
      'iifname "lo" udp dport 8472 drop',
      'iifname "lo" accept',
      `udp dport 8472 ip daddr 10.0.0.0/16 ${where}`,
      'udp dport 8472 ip saddr 10.0.0.0/16 ip daddr 10.0.3.4 notrack',
    ])
    expect(chainOf('prerouting', [routed]).slice(1, 4)).toEqual([
      'iifname "lo" accept',
      `ip protocol 4 ip daddr 10.0.0.0/16 ${where}`,
      'ip protocol 4 ip saddr 10.0.0.0/16 ip daddr 10.0.3.4 notrack',
    ])
    expect(chainOf('output', [bridged])).toEqual(['udp dport 8472 ip saddr 10.0.3.4 ip daddr 10.0.0.0/16 notrack'])
  })

  test('lets containers send from the slice, or from what somebody routes to their bridge', () => {
    const sources = (one: Fan) =>
      chainOf('from-fan-250', [one]).filter((line) => !line.includes('daddr') && !line.includes('dport'))
    const rest = ['ip saddr 250.0.0.0/8 drop', 'meta nfproto ipv4 fib saddr . iif oif missing drop']
    expect(sources(routed)).toEqual(['ip saddr 250.3.4.0/24 accept', ...rest])
    expect(sources(bridged)).toEqual(['meta priority 6661:6e00 accept', 'ip saddr 250.3.4.0/24 accept', ...rest])
    // Where no program stamps what it let in, nothing tells it from what a container made up.
    expect(sources(fan({ type: 'vxlan', steering: 'fan-map' }))).toEqual(['ip saddr 250.0.0.0/8 accept', ...rest])
  })

  test('sends on for its own containers only, where no program says what for', () => {
    const line = 'iifname "fan-250" oifname != "fan-250" ip saddr 250.0.0.0/8 ip saddr != 250.3.4.0/24 drop'
    expect(chainOf('forward', [fan({ type: 'vxlan', steering: 'fan-map' })])).toContain(line)
    for (const one of [bridged, routed]) expect(chainOf('forward', [one])).not.toContain(line)
  })

  test('keeps others away from the DHCP server, and its own from hurrying it', () => {
    expect(chainOf('from-fan-250', [routed])[0]).toBe('udp dport 67 jump dhcp-fan-250')
    expect(chainOf('dhcp-fan-250', [routed])).toEqual([
      'ip saddr != { 250.3.4.0/24, 0.0.0.0 } drop',
      'update @asked-fan-250 { ether saddr limit rate over 1/second burst 10 packets } drop',
      'limit rate over 20/second burst 500 packets drop',
    ])
    expect(chainOf('prerouting', [routed])).toContain('udp dport 67 ip daddr 250.3.4.1 drop')
  })

  test('bounds the neighbours that can be asked for, where a slice does not', () => {
    const set = 'set behind-fan-250 { type ipv4_addr; size 512; flags dynamic,timeout; timeout 1m; }'
    expect(firewallOf([bridged])?.text).toContain(set)
    expect(chainOf('behind-fan-250', [bridged])).toEqual([
      'ip daddr 250.3.4.0/24 return',
      'update @behind-fan-250 { ip daddr } return',
      'drop',
    ])
    const jumps = (one: Fan) =>
      [...chainOf('prerouting', [one]), ...chainOf('from-fan-250', [one])].filter((line) => /behind|ether/.test(line))
    expect(jumps(bridged)).toEqual([
      'ip daddr 250.0.0.0/8 jump behind-fan-250',
      'ip saddr 250.3.4.0/24 ether daddr != 02:fa:0a:00:03:04 accept',
      'ip saddr 250.3.4.0/24 ip daddr 250.0.0.0/8 jump behind-fan-250',
    ])
    expect(jumps(fan({ underlay: '10.0.3.4/24' }))).toEqual([
      'ip daddr 250.4.0.0/16 jump behind-fan-250',
      'ip saddr 250.4.0.0/16 ether daddr != 02:fa:0a:00:03:04 accept',
      'ip saddr 250.4.0.0/16 ip daddr 250.4.0.0/16 jump behind-fan-250',
    ])
    expect(firewallOf([routed])?.text).not.toContain('behind-')
  })

  test('bounds the connections of each sixteenth of a slice, where NAT has them tracked', () => {
    expect(firewallOf([routed])?.text).toContain('set opened-fan-250 { type ipv4_addr; size 16; flags dynamic; }')
    const opened = 'ip saddr 250.3.4.0/24 add @opened-fan-250 { ip saddr & 255.255.255.240 ct count over 8192 } drop'
    expect(chainOf('input', [routed])).toEqual([opened])
    expect(chainOf('postrouting', [routed])[0]).toBe(opened)
    expect(firewallOf([fan({ nat: false })])?.text).not.toContain('opened-')
  })

  test('masquerades what leaves the overlay, and never what stays in it or on the bridge', () => {
    expect(chainOf('postrouting', [routed]).slice(1)).toEqual([
      'ip saddr 250.3.4.0/24 ip daddr != 250.0.0.0/8 oifname != "fan-250" masquerade',
    ])
  })

  test('tracks no connections where no fan has NAT', () => {
    expect(
      firewallOf([fan({ nat: false }), fan({ nat: false, overlay: '251.0.0.0/8', type: 'vxlan' })])?.text,
    ).not.toMatch(/type nat|ct state/)
  })

  test('looks at what comes out of a routed tunnel where no program does', () => {
    const lines = (steering: SteeringName, type: TypeName) =>
      chainOf('prerouting', [fan({ steering, type })]).filter((line) => line.startsWith('iifname "ftun'))
    for (const type of ['ipip', 'vxlan'] as const) {
      const tunnel = type === 'ipip' ? 'ftun0' : 'ftun-250'
      expect(lines('routes', type)).toEqual([
        `iifname "${tunnel}" ip daddr 250.3.4.0/24 ip saddr != 250.0.0.0/8 drop`,
        `iifname "${tunnel}" ip daddr != { 250.3.4.0/24 } drop`,
      ])
      expect(lines('ebpf', type)).toEqual([])
    }
    expect(lines('fan-map', 'ipip')).toHaveLength(2)
    expect(lines('fan-map', 'vxlan')).toEqual([])
  })

  test('has a rule that two fans share once', () => {
    const pair = [fan({ steering: 'routes' }), fan({ steering: 'routes', overlay: '251.0.0.0/8' })]
    const text = firewallOf(pair)?.text ?? ''
    expect(text.match(/iifname "ftun0" ip daddr != \{ 250\.3\.4\.0\/24, 251\.3\.4\.0\/24 \}/g)).toHaveLength(1)
    expect(text.match(/ip protocol 4 meta iifkind "ipip" accept/g)).toHaveLength(1)
  })

  test('has a digest of its own for each rule, whatever the fans', () => {
    fc.assert(
      fc.property(anyFans, (fans) => {
        const table = firewallOf(fans)
        expect(ruleLines(table?.text)).toHaveLength(table?.rules.length ?? 0)
        expect(new Set(table?.rules).size).toBe(table?.rules.length ?? 0)
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

/** The table as nft prints it after `count` packets for each rule that drops. */
const counted = (fans: readonly Fan[], count: number) =>
  parseFirewall(firewallOf(fans)?.text.replaceAll('counter drop', `counter packets ${count} bytes 0 drop`) ?? '')

describe('what was dropped', () => {
  test('is added up by what was wrong with it', () => {
    const found = counted([bridged], 3)
    if (!found) throw new Error('no table')
    expect(dropsOf(bridged, [bridged], found)).toEqual({ forged: 27, martian: 12, dhcp: 9, excess: 15 })
  })

  test('for the sake of two fans counts for both, and for one of them for that alone', () => {
    const other = fan({ type: 'vxlan', overlay: '251.0.0.0/8' })
    const fans = [bridged, other]
    const found = counted(fans, 1)
    if (!found) throw new Error('no table')
    expect(dropsOf(bridged, fans, found)).toEqual({ forged: 9, martian: 4, dhcp: 3, excess: 5 })
    expect(dropsOf(other, fans, found)).toEqual({ forged: 9, martian: 4, dhcp: 3, excess: 5 })
  })

  test('is nothing where the table is not the one that it should be', () => {
    expect(dropsOf(bridged, [bridged], { text: '', rules: [] })).toEqual({ forged: 0, martian: 0, dhcp: 0, excess: 0 })
  })
})

test('a table in the words of nft has its digests in the comments, and what was counted', () => {
  const text = `table inet fanctl {
	chain prerouting {
		type filter hook prerouting priority raw; policy accept;
		iifname != { "lo", "fan-250", "ftun0" } ip saddr 250.0.0.0/8 ip daddr 250.3.4.0/24 counter packets 7 bytes 588 drop comment "0123456789ab"
		udp dport 8472 ip saddr 10.0.0.0/16 ip daddr 10.0.3.4 notrack comment "ab0123456789"
	}
}
`
  expect(parseFirewall(text)).toEqual({
    text,
    rules: ['0123456789ab', 'ab0123456789'],
    packets: { '0123456789ab': 7 },
  })
})

test.each(['', 'table inet filter {\n}\n', 'table ip fanctl {\n}\n'])('%j is not our table', (text) => {
  expect(parseFirewall(text)).toBeUndefined()
})
