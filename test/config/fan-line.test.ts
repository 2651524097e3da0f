/** The lines of ubuntu-fan's users and callers, each with what it means. Sources: scripts, manual pages, tests. */
import { describe, expect, test } from 'vitest'
import { formatLine, readLine } from '../../src/config/fan-line.js'
import { formatOptions } from '../../src/config/options/words.js'
import { Misplaced } from '../../src/config/words.js'
import { formatReference } from '../../src/core/fan.js'
import { formatPrefix } from '../../src/core/ipv4.js'

/** What a line means, as text: `OVERLAY over UNDERLAY: OPTIONS`. */
function meaning(text: string): string | undefined {
  const line = readLine(text)
  if (!line) return undefined
  const words = [...formatOptions(line.options), ...(line.off ? ['off'] : []), ...(line.debug ? ['debug'] : [])]
  return `${formatPrefix(line.overlay)} over ${formatReference(line.underlay)}: ${words.join(', ')}`.replace(/: $/, '')
}

function refusal(text: string) {
  try {
    readLine(text)
  } catch (error) {
    if (error instanceof Misplaced) return { code: error.error.code, column: error.column, error: error.error }
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('overlay first, as ubuntu-fan 0.3 has it', () => {
  test.each([
    ['10.0.0.0/8 172.16.3.4/16', '10.0.0.0/8 over 172.16.3.4/16'],
    ['10.0.0.0/8 172.16.3.4/16 dhcp', '10.0.0.0/8 over 172.16.3.4/16: dhcp'],
    ['10.0.0.0/8 eth0/16 dhcp', '10.0.0.0/8 over eth0/16: dhcp'],
    ['10.0.0.0/8 172.16.3.5/16 dhcp off', '10.0.0.0/8 over 172.16.3.5/16: dhcp, off'],
    ['10.0.0.0/8 eth1/16 dhcp off', '10.0.0.0/8 over eth1/16: dhcp, off'],
    ['241.0.0.0/8 eth0/16 dhcp', '241.0.0.0/8 over eth0/16: dhcp'],
    ['241.0.0.0/8 172.16.3.4/16 dhcp', '241.0.0.0/8 over 172.16.3.4/16: dhcp'],
    ['10 172.16.3.4', '10.0.0.0/8 over 172.16.3.4/16'],
    ['250 eth0', '250.0.0.0/8 over eth0/16'],
    ['250 default', '250.0.0.0/8 over default/16'],
    ['250.0.0.0/8 default/24 dhcp', '250.0.0.0/8 over default/24: dhcp'],
    ['250.0.0.0/8 ens3/20', '250.0.0.0/8 over ens3/20'],
    ['250.0.0.0/8 enp0s3/16', '250.0.0.0/8 over enp0s3/16'],
    ['250.0.0.0/8 br-ex', '250.0.0.0/8 over br-ex/16'],
    ['250.0.0.0/8 eth0.100/16', '250.0.0.0/8 over eth0.100/16'],
    ['250.0.0.0/8 dhcp/16 dhcp', '250.0.0.0/8 over dhcp/16: dhcp'],
    ['240.0.0.0/5 10.88.129.2/20', '240.0.0.0/5 over 10.88.129.2/20'],
    ['250.0.0.0/8 eth0/16 host-reserve 5', '250.0.0.0/8 over eth0/16: host-reserve 5'],
    [
      '250.0.0.0/8 eth0/16 host-reserve 5 dhcp bridge fan0',
      '250.0.0.0/8 over eth0/16: dhcp, host-reserve 5, bridge fan0',
    ],
    ['250.0.0.0/8 10.2.3.4/16 dhcp bridge fanbr0', '250.0.0.0/8 over 10.2.3.4/16: dhcp, bridge fanbr0'],
    ['250.0.0.0/8 eth0/16 auto', '250.0.0.0/8 over eth0/16: enable'],
    ['250.0.0.0/8 eth0/16 dhcp debug', '250.0.0.0/8 over eth0/16: dhcp, debug'],
    ['250.0.0.0/8 eth0/16 dhcp bridge=fan-10', '250.0.0.0/8 over eth0/16: dhcp, bridge fan-10'],
    ['\t250.0.0.0/8   eth0/16\tdhcp  ', '250.0.0.0/8 over eth0/16: dhcp'],
    ['250.0.0.0/8 eth0/16 dhcp # the lab', '250.0.0.0/8 over eth0/16: dhcp'],
    [
      '250.0.0.0/8 eth0/16 type vxlan vni 7 port 4789 mtu 1400',
      '250.0.0.0/8 over eth0/16: type vxlan, mtu 1400, vni 7, port 4789',
    ],
  ])('%s', (text, expected) => expect(meaning(text)).toBe(expected))
})

describe('underlay first, as ubuntu-fan 0.9 has it', () => {
  test.each([
    ['172.30.0.0/16 250.0.0.0/8 --dhcp --enable', '250.0.0.0/8 over 172.30.0.0/16: dhcp, enable'],
    ['172.30.0.0/16      250.0.0.0/8      --dhcp --enable', '250.0.0.0/8 over 172.30.0.0/16: dhcp, enable'],
    ['172.16.3.4/16 250.0.0.0/8', '250.0.0.0/8 over 172.16.3.4/16'],
    ['172.16.3.4/16 250.0.0.0/8 dhcp host-reserve 1', '250.0.0.0/8 over 172.16.3.4/16: dhcp, host-reserve 1'],
    ['10.0.2.15/16 250.0.0.0/8 dhcp bridge=fan-10', '250.0.0.0/8 over 10.0.2.15/16: dhcp, bridge fan-10'],
    ['eth0/16 250.0.0.0/8 --bridge=fan0', '250.0.0.0/8 over eth0/16: bridge fan0'],
    ['eth0 250', '250.0.0.0/8 over eth0/16'],
    ['default 250.0.0.0/8 --enable', '250.0.0.0/8 over default/16: enable'],
    ['172.16.3.4 250.0.0.0/8', '250.0.0.0/8 over 172.16.3.4/16'],
    ['10.0.0.0/12 254.0.0.0/7', '254.0.0.0/7 over 10.0.0.0/12'],
    [
      '192.168.100.0/24 240.0.0.0/8 --host-reserve 3 --no-nat',
      '240.0.0.0/8 over 192.168.100.0/24: no-nat, host-reserve 3',
    ],
  ])('%s', (text, expected) => expect(meaning(text)).toBe(expected))
})

describe('with flags', () => {
  test.each([
    ['-u 172.16.3.4/16 -o 250.0.0.0/8', '250.0.0.0/8 over 172.16.3.4/16'],
    ['-o 250.0.0.0/8 -u 10.0.3.4/16', '250.0.0.0/8 over 10.0.3.4/16'],
    ['-u 172.30.0.0/16 -o 250.0.0.0/8 --bridge=docker0 --dhcp', '250.0.0.0/8 over 172.30.0.0/16: dhcp, bridge docker0'],
    ['--underlay=eth0 --overlay 250 --enable', '250.0.0.0/8 over eth0/16: enable'],
    ['-o250.0.0.0/8 -u=eth0/16', '250.0.0.0/8 over eth0/16'],
    ['eth0/16 -o 250.0.0.0/8', '250.0.0.0/8 over eth0/16'],
    ['250.0.0.0/8 -u eth0/16', '250.0.0.0/8 over eth0/16'],
  ])('%s', (text, expected) => expect(meaning(text)).toBe(expected))
})

test.each(['', '   ', '\t', '# Underlay      Overlay      Flags', '  # indented', '#250.0.0.0/8 eth0/16 dhcp'])(
  'nothing is on the line %j',
  (text) => expect(meaning(text)).toBeUndefined(),
)

describe('refused, with the column of the word that is wrong', () => {
  test.each([
    ['10.254.0.0/16 192.168.1.151/8', 1, 'FAN_UNCLEAR'],
    ['10.0.0.0/16 11.0.0.0/16', 1, 'FAN_UNCLEAR'],
    ['10.0.3.4/16 250.3.0.0/8 dhcp', 1, 'FAN_UNCLEAR'],
    ['300 eth0', 1, 'OCTET_OUT_OF_RANGE'],
    ['250.0.0.0/8', 1, 'OPTION_MISSING'],
    ['dchp', 1, 'OPTION_MISSING'],
    ['250.0.0.0/8 10.0.3.256/16', 13, 'OCTET_OUT_OF_RANGE'],
    ['250.0.0.0/8 10.0.03.4/16 dhcp', 13, 'LEADING_ZERO'],
    ['250.0.0.0/8 fd00::1/64', 13, 'IPV6_UNSUPPORTED'],
    ['250.0.0.0/8 10.0.3.4/33', 13, 'PREFIX_LENGTH_INVALID'],
    ['250.0.0.0/8 ../etc/passwd', 13, 'UNDERLAY_MALFORMED'],
    ['250.0.0.0/8 $(reboot)/x', 13, 'PREFIX_LENGTH_INVALID'],
    ['250.0.0.0/8 eth0/16 dchp', 21, 'OPTION_UNKNOWN'],
    ['250.0.0.0/8 eth0/16 DHCP', 21, 'OPTION_UNKNOWN'],
    ['250.0.0.0/8 eth0/16 dhcp=yes', 21, 'OPTION_UNKNOWN'],
    ['250.0.0.0/8 eth0/16 dhcp eth1/16', 26, 'OPTION_UNKNOWN'],
    ['250.0.0.0/8 eth0/16 local 5', 21, 'OPTION_UNKNOWN'],
    ['250.0.0.0/8 eth0/16 __proto__', 21, 'OPTION_UNKNOWN'],
    ['250.0.0.0/8 eth0/16 host-reserve', 21, 'OPTION_MISSING'],
    ['250.0.0.0/8 eth0/16 host-reserve --dhcp', 21, 'OPTION_MISSING'],
    ['250.0.0.0/8 eth0/16 host-reserve five', 21, 'NUMBER_INVALID'],
    ['250.0.0.0/8 eth0/16 host-reserve=0', 21, 'NUMBER_INVALID'],
    ['250.0.0.0/8 eth0/16 bridge ../x', 21, 'BRIDGE_NAME_INVALID'],
    ['250.0.0.0/8 eth0/16 bridge a;reboot', 21, 'BRIDGE_NAME_INVALID'],
    ['250.0.0.0/8 eth0/16 type gre', 21, 'CHOICE_INVALID'],
    ['250.0.0.0/8 eth0/16 dhcp no-dhcp', 26, 'OPTION_CONTRADICTED'],
    ['250.0.0.0/8 eth0/16 bridge a bridge b', 30, 'OPTION_CONTRADICTED'],
    ['250.0.0.0/8 eth0/16 \0', 21, 'CHARACTER_INVALID'],
    ['250.0.0.0/8 eth0/16 dhcp\u001b[2J', 25, 'CHARACTER_INVALID'],
    ['250.0.0.0/8 eth0/16\u00a0dhcp', 20, 'CHARACTER_INVALID'],
    ['ünï 250.0.0.0/8 eth0/16 \u200b', 25, 'CHARACTER_INVALID'],
    [`250.0.0.0/8 eth0/16 ${'x'.repeat(1100)}`, 1025, 'LINE_TOO_LONG'],
  ] as const)('%j at %d: %s', (text, column, code) => {
    expect(refusal(text)).toMatchObject({ column, code })
  })

  test('nonsense widths with the right ones for both orders', () => {
    const { message } = refusal('10.254.0.0/16 192.168.1.151/8').error
    expect(message).toContain('With 10.254.0.0/16 as the overlay: ')
    expect(message).toContain('use an overlay of /6 or shorter, or an underlay of /18 or longer')
    expect(message).toContain('With 192.168.1.151/8 as the overlay: ')
  })
})

test.each([
  '172.30.0.0/16 250.0.0.0/8 --dhcp --enable',
  'eth0/16 250.0.0.0/8 --no-dhcp --no-nat --type vxlan --host-reserve 4 --bridge x --mtu 1400 --vni 5 --port 99',
])('a line that is written reads as what it was: %s', (text) => {
  const line = readLine(text)
  if (!line) throw new Error('no line')
  expect(readLine(formatLine(line, line.options))).toEqual(line)
})
