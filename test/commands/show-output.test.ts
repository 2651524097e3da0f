import { describe, expect, test } from 'vitest'
import { brokenLines, narrowTable, wideTable } from '../../src/commands/show-output.js'
import { FanError } from '../../src/core/errors.js'
import type { Fan } from '../../src/core/fan.js'
import { viewShow } from '../../src/results/show.js'
import { type FanText, fan } from '../core/support.js'

const counts = { sent: 123_456, delivered: 98, spoofed: 7, misdirected: 65, offMap: 4 }
const drops = { forged: 11, martian: 222, dhcp: 3, excess: 44 }

/** A fan as `show` has it, up and with counters unless something else is said. */
function shown(
  text: FanText = {},
  more: { drift?: string[]; counts?: undefined; drops?: undefined; enable?: boolean } = {},
) {
  const { enable = false, ...rest } = more
  const one = { ...fan(text), enable }
  const mtu = one.encapsulation === 'ipip' ? 1480 : 1450
  return viewShow(
    { fans: [{ fan: one, mtu, drift: [], containers: [], leases: undefined, counts, drops, ...rest }], broken: [] },
    [],
  ).fans
}

/** The first fan's cell below a heading of the wide table. */
function cell(heading: string, fans: ReturnType<typeof shown>): string | undefined {
  const [headings = '', row = ''] = wideTable({ fans: fans, broken: [] }).split('\n')
  const start = headings.search(new RegExp(`\\b${heading}\\b`))
  return row.slice(start).split('  ', 1)[0]?.trim()
}

describe('the narrow table', () => {
  test('has columns of fixed width, for scripts that read them by position', () => {
    const fans = [...shown({ dhcp: true }), ...shown({ overlay: '251.0.0.0/8', underlay: '192.168.255.254/16' })]
    expect(narrowTable({ fans: fans, broken: [] })).toBe(
      [
        'Bridge           Underlay             Overlay              Flags',
        'fan-250          10.0.3.4/16          250.0.0.0/8          dhcp',
        'fan-251          192.168.255.254/16   251.0.0.0/8',
      ].join('\n'),
    )
  })

  test('has a heading where there is no fan', () => {
    expect(narrowTable({ fans: [], broken: [] })).toBe(
      'Bridge           Underlay             Overlay              Flags',
    )
  })
})

describe('flags say what is not as it is by default', () => {
  test.each([
    [{}, {}, ''],
    [{ dhcp: true }, {}, 'dhcp'],
    [{ bridge: 'lan' }, {}, 'bridge=lan'],
    [{ hostReserve: 9 }, {}, 'host-reserve 9'],
    [{ nat: false }, {}, 'no-nat'],
    [{}, { enable: true }, 'enable'],
    [
      { nat: false, hostReserve: 9, bridge: 'lan', dhcp: true },
      { enable: true },
      'dhcp bridge=lan host-reserve 9 no-nat enable',
    ],
  ])('%j %j: %s', (text, more, flags) => {
    expect(cell('Flags', shown(text, more))).toBe(flags)
    expect(
      narrowTable({ fans: shown(text, more), broken: [] })
        .split('\n')[1]
        ?.slice(59),
    ).toBe(flags)
  })
})

describe('the wide table', () => {
  test('has everything about each fan in columns, and below them who steers and why', () => {
    const fans = [
      ...shown({ dhcp: true }),
      ...shown({ overlay: '251.0.0.0/8', type: 'vxlan', steering: 'routes' }, { counts: undefined, drops: undefined }),
    ]
    expect(wideTable({ fans: fans, broken: [] })).toBe(
      [
        'Bridge   Underlay     Overlay      Flags  Type   Steering  Tunnel    Slice         MTU   Leases  Sent    Delivered  Spoofed  Misdirected  Off-map  Forged  Martian  DHCP  Excess  State',
        'fan-250  10.0.3.4/16  250.0.0.0/8  dhcp   ipip   ebpf      ftun0     250.3.4.0/24  1480  -       123456  98         7        65           4        11      222      3     44      up',
        'fan-251  10.0.3.4/16  251.0.0.0/8         vxlan  routes    ftun-251  251.3.4.0/24  1450  -       -       -          -        -            -        -       -        -     -       up',
        'fan-250 uses ebpf steering: requested',
        'fan-251 uses routes steering: requested',
      ].join('\n'),
    )
  })

  test('has a zero where nothing was counted, and a dash where nothing counts', () => {
    const none = { sent: 0, delivered: 0, spoofed: 0, misdirected: 0, offMap: 0 }
    const [one] = shown()
    if (!one) throw new Error('no fan')
    for (const heading of ['Sent', 'Delivered', 'Spoofed', 'Misdirected', 'Off-map']) {
      expect(cell(heading, [{ ...one, counters: none }])).toBe('0')
      expect(cell(heading, [{ ...one, counters: null }])).toBe('-')
    }
    const noDrops = { forged: 0, martian: 0, dhcp: 0, excess: 0 }
    for (const heading of ['Forged', 'Martian', 'DHCP', 'Excess']) {
      expect(cell(heading, [{ ...one, drops: noDrops }])).toBe('0')
      expect(cell(heading, [{ ...one, drops: null }])).toBe('-')
    }
  })

  test.each([
    ['up', [], 'green'],
    ['drift', ['ip link set fan-250 up'], 'yellow'],
  ])('has the state %s in colour', (state, drift, colour) => {
    const table = wideTable({ fans: shown({}, { drift }), broken: [] }, (one, text) =>
      one ? `<${one} ${text}>` : text,
    )
    expect(table.split('\n')[1]).toMatch(new RegExp(`  <${colour} ${state}>$`))
    expect(table.split('\n')[0]).toMatch(/ {2}State$/)
  })

  test('says what differs, and what mends it, below', () => {
    const fans = shown({}, { drift: ['ip link set fan-250 up', 'ip route add 250.0.0.0/8 dev ftun0'] })
    expect(cell('State', fans)).toBe('drift')
    expect(wideTable({ fans: fans, broken: [] }).split('\n').slice(3)).toEqual([
      'fan-250 has drifted; to repair: ip link set fan-250 up',
      'fan-250 has drifted; to repair: ip route add 250.0.0.0/8 dev ftun0',
    ])
  })
})

test('a pool without an address left is told below the wide table', () => {
  const table = (lent: number) =>
    wideTable({ fans: shown({ dhcp: true }).map((one) => ({ ...one, leases: { lent, of: 253 } })), broken: [] })
  expect(table(252)).toContain('  252 of 253  ')
  expect(table(252)).not.toContain('no address left')
  expect(table(253)).toMatch(/^fan-250 has no free DHCP address: all 253 are leased$/m)
})

describe('a fan whose record is of no use', () => {
  const problem = new FanError('FILE_INVALID', { path: '/run/fanctl/a.fan.json', problem: 'it is empty', bridge: 'a' })
  const broken = (bridge: string, seen: Fan | undefined) =>
    viewShow({ fans: [], broken: [{ file: '', bridge, problem, seen, links: [], containers: [] }] }, [])

  test.each([
    [fan(), 'a                10.0.3.4/16          250.0.0.0/8          broken'],
    [undefined, 'a                -                    -                    broken'],
  ])('has a row with what the kernel tells of it: %#', (seen, row) => {
    expect(narrowTable(broken('a', seen)).split('\n')[1]).toBe(row)
    const painted = narrowTable(broken('a', seen), (colour, text) => `<${colour} ${text}>`)
    expect(painted.split('\n')[1]).toBe(row.replace('broken', '<red broken>'))
    expect(wideTable(broken('a', seen)).split('\n')[1]).toMatch(/^a .* broken {2,}- .* broken$/)
  })

  test('is explained with what to do', () => {
    expect(brokenLines(broken('a', undefined))).toEqual([
      expect.stringMatching(/^a is broken: .* is damaged: .*fanctl down --bridge a$/),
    ])
  })
})
