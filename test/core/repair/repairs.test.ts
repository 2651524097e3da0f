/** Which steps belong together, what is said about them, and that they can be done one repair after the other. */
import { describe, expect, test } from 'vitest'
import type { Change } from '../../../src/core/change.js'
import { desiredState } from '../../../src/core/desired.js'
import type { Fan } from '../../../src/core/fan.js'
import { kindOf } from '../../../src/core/objects/objects.js'
import { plan } from '../../../src/core/plan.js'
import type { Move } from '../../../src/core/repair/move.js'
import { type Repair, repairsIn } from '../../../src/core/repair/repairs.js'
import type { Link, State } from '../../../src/core/state.js'
import { performAll, sorted } from '../model.js'
import { factsFor, fan } from '../support.js'

const vxlan = fan({ type: 'vxlan', dhcp: true })
const ipip = fan({ overlay: '251.0.0.0/8', type: 'ipip' })
const second = fan({ overlay: '252.0.0.0/8', type: 'ipip' })
const all = [vxlan, ipip, second]

function stateOf(fans: readonly Fan[], mtu = 1500): State {
  return { ...desiredState(fans, factsFor(fans, mtu)), files: {} }
}

type Loss = (state: State) => State

const without =
  (name: string): Loss =>
  (state) => ({
    ...state,
    links: state.links.flatMap((link): Link[] => {
      const { bridge, ...rest } = link
      if (link.name === name) return []
      return bridge === name ? [rest] : [link]
    }),
    addresses: state.addresses.filter(({ link }) => link !== name),
    filters: state.filters.filter(({ link }) => link !== name),
    // The kernel drops routes with their link, and with the address that is their source.
    routes: state.routes.filter(
      ({ link, source }) =>
        link !== name && !state.addresses.some((one) => one.link === name && one.prefix.address === source),
    ),
  })
const down =
  (name: string): Loss =>
  (state) => ({
    ...state,
    links: state.links.map((link): Link => (link.name === name ? { ...link, up: false } : link)),
    routes: state.routes.filter(({ link }) => link !== name),
  })
const noFilters =
  (link: string, direction?: string): Loss =>
  (state) => ({
    ...state,
    filters: state.filters.filter((one) => one.link !== link || (direction && one.direction !== direction)),
  })

function repairsAfter(losses: readonly Loss[], fans: readonly Fan[] = all): Repair[] {
  const found = losses.reduce((state, loss) => loss(state), stateOf(fans))
  return repairsIn(plan(stateOf(fans), found))
}

/** Without the digests of programs. */
const told = (repairs: readonly Repair[]) =>
  repairs.map(({ bridge, what }) => `${bridge ?? '-'}: ${what.replaceAll(/(fan_[a-z]+)_[0-9a-f]+/g, '$1')}`)

const cases: [title: string, losses: Loss[], lines: string[]][] = [
  ['nothing', [], []],
  ['a vxlan tunnel', [without('ftun-250')], ['fan-250: restored tunnel ftun-250']],
  ['the shared tunnel', [without('ftun0')], ['-: restored tunnel ftun0']],
  [
    'a bridge, with its address, its port and its server',
    [without('fan-250')],
    ['fan-250: restored bridge fan-250 with its port ftun-250'],
  ],
  ['a bridge that gives a route its source', [without('fan-251')], ['fan-251: restored bridge fan-251']],
  [
    'a bridge and its tunnel',
    [without('fan-250'), without('ftun-250')],
    ['fan-250: restored tunnel ftun-250 and bridge fan-250'],
  ],
  [
    'both bridges and the tunnel of one type',
    [without('ftun0'), without('fan-251'), without('fan-252')],
    ['-: restored tunnel ftun0', 'fan-251: restored bridge fan-251', 'fan-252: restored bridge fan-252'],
  ],
  [
    'a filter',
    [noFilters('ftun-250', 'egress')],
    ['fan-250: restored the steering program fan_out (egress) of ftun-250'],
  ],
  [
    'both filters',
    [noFilters('ftun-250')],
    ['fan-250: restored the steering programs fan_out (egress) and fan_in (ingress) of ftun-250'],
  ],
  ['a link that is down', [down('ftun0')], ['-: set ftun0 up again']],
  [
    'a route',
    [(state) => ({ ...state, routes: state.routes.slice(1) })],
    ['fan-251: restored route 251.0.0.0/8 dev ftun0'],
  ],
  [
    'the route to a network',
    [
      (state) => ({
        ...state,
        addresses: state.addresses.map((one, index) => (index === 0 ? { ...one, isCut: true } : one)),
      }),
    ],
    ['fan-250: restored route 250.0.0.0/8 dev fan-250'],
  ],
  [
    'an address',
    [(state) => ({ ...state, addresses: state.addresses.slice(1) })],
    ['fan-250: restored address 250.3.4.1/8 on fan-250'],
  ],
  ['the firewall', [({ firewall: _, ...state }) => state], ['-: restored the nftables table inet fanctl']],
  [
    'another firewall',
    [(state) => ({ ...state, firewall: { text: '', rules: ['x'] } })],
    ['-: corrected the nftables table inet fanctl'],
  ],
  [
    'forwarding',
    [(state) => ({ ...state, sysctls: { ...state.sysctls, 'net/ipv4/ip_forward': '0' } })],
    ['-: set net.ipv4.ip_forward to 1 (was 0)'],
  ],
  [
    'dnsmasq',
    [(state) => ({ ...state, dhcpServers: state.dhcpServers.map((one) => ({ ...one, running: false })) })],
    ['fan-250: started dnsmasq on fan-250 again'],
  ],
  [
    'an MTU by hand',
    [
      (state) => ({
        ...state,
        links: state.links.map((one): Link => (one.name === 'fan-250' ? { ...one, mtu: 1400 } : one)),
      }),
    ],
    ['fan-250: set the MTU of fan-250 to 1450 (was 1400)'],
  ],
  [
    'a hardware address by hand',
    [
      (state) => ({
        ...state,
        links: state.links.map(
          (one): Link => (one.kind === 'bridge' && one.name === 'fan-250' ? { ...one, mac: '02:00:00:00:00:01' } : one),
        ),
      }),
    ],
    ['fan-250: set the MAC address of fan-250 to 02:fa:0a:00:03:04 (was 02:00:00:00:00:01)'],
  ],
  [
    'a VNI',
    [
      (state) => ({
        ...state,
        links: state.links.map((one): Link => (one.kind === 'vxlan' ? { ...one, vnis: [] } : one)),
      }),
    ],
    ['fan-250: restored VNI 16384000 on ftun-250'],
  ],
  [
    'two things that have nothing to do with each other',
    [noFilters('ftun-250', 'egress'), ({ firewall: _, ...state }) => state],
    [
      '-: restored the nftables table inet fanctl',
      'fan-250: restored the steering program fan_out (egress) of ftun-250',
    ],
  ],
]

describe.each(cases)('lost: %s', (_, losses, lines) => {
  const repairs = repairsAfter(losses)

  test('is told in a line each', () => {
    expect(told(repairs)).toEqual(lines)
  })

  test('is mended by one repair after the other', () => {
    const found = losses.reduce((state, loss) => loss(state), stateOf(all))
    const steps = repairs.flatMap((repair) => repair.steps)
    expect(sorted(performAll(steps, found))).toEqual(sorted(stateOf(all)))
  })
})

test('a tunnel that fans share comes back by itself, with the programs of them all', () => {
  const repairs = repairsAfter([without('ftun0'), without('fan-251')])
  const ofTunnel = repairs.find(({ thing }) => thing === 'link ftun0')
  expect(ofTunnel?.steps.filter(({ object }) => object === 'filter').map(({ owner }) => owner)).toEqual([
    undefined,
    'fan-251',
    'fan-251',
    'fan-252',
    'fan-252',
  ])
  expect(repairs.find(({ thing }) => thing === 'link fan-251')?.steps.map(({ object }) => object)).not.toContain(
    'filter',
  )
})

test('containers come back with their bridge', () => {
  const found = without('fan-250')(stateOf([vxlan]))
  const port = (link: string): Change => ({
    ...{ object: 'traits', link, owner: 'fan-250' },
    ...{ before: { bridge: '' }, after: { bridge: 'fan-250' } },
  })
  const repairs = repairsIn([...plan(stateOf([vxlan]), found), port('c1'), port('c2')])
  expect(told(repairs)).toEqual(['fan-250: restored bridge fan-250 with its ports ftun-250, c1 and c2'])
})

test('another MTU of the underlay is one repair a fan: bridge, tunnel and what DHCP tells', () => {
  const repairs = repairsIn(plan(stateOf([vxlan], 1300), stateOf([vxlan])))
  expect(told(repairs)).toEqual(['fan-250: set the MTU of ftun-250 and fan-250 to 1250 (was 1450)'])
  expect(repairs[0]?.steps.map(kindOf)).toContain('start-dhcp')
})

test('another MTU of a tunnel that fans share goes with that of the first of them', () => {
  const repairs = repairsIn(plan(stateOf([ipip, second], 1300), stateOf([ipip, second])))
  expect(told(repairs)).toEqual([
    'fan-251: set the MTU of ftun0 and fan-251 to 1280 (was 1480)',
    'fan-252: set the MTU of fan-252 to 1280 (was 1480)',
  ])
  expect(repairs.map(({ thing }) => thing)).toEqual(['mtu fan-251', 'mtu fan-252'])
})

test('a tunnel that no fan has any more is told as removed, not as down', () => {
  const repairs = repairsIn(plan(stateOf([ipip]), stateOf([vxlan, ipip])))
  expect(told(repairs)).toContain('-: removed tunnel ftun-250: it belongs to no fan')
})

test('a fan that is steered by routes follows its host in one repair, too', () => {
  const routed = fan({ steering: 'routes', underlay: '10.0.3.4/29' })
  const next = fan({ steering: 'routes', underlay: '10.0.3.5/29' })
  const moves: Move[] = [{ from: routed, to: next }]
  expect(repairsIn(plan(stateOf([next]), stateOf([routed])), moves).map(({ thing }) => thing)).toEqual([
    'underlay fan-250',
  ])
})

test('a fan that follows its host is one repair, the others are not touched', () => {
  const next = fan({ type: 'vxlan', dhcp: true, underlay: '10.0.3.5/16' })
  const moves: Move[] = [{ from: vxlan, to: next }]
  const wanted = [next, ipip, second]
  const repairs = repairsIn(plan(stateOf(wanted), stateOf(all)), moves)
  expect(told(repairs)).toEqual([
    'fan-250: followed this host from 10.0.3.4/16 to 10.0.3.5/16; its slice is now 250.3.5.0/24 (was 250.3.4.0/24)',
  ])
})
