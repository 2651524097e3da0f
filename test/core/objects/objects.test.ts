import { describe, expect, test } from 'vitest'
import { type Change, subjectOf } from '../../../src/core/change.js'
import { changeFile } from '../../../src/core/objects/file.js'
import { invert, invertAll, kindOf } from '../../../src/core/objects/objects.js'
import { type Filter, nothing, type State } from '../../../src/core/state.js'
import { perform, performAll, sorted } from '../model.js'
import { address, prefix } from '../support.js'

const bridge = {
  kind: 'bridge',
  name: 'fan-250',
  mac: '02:fa:0a:00:03:04',
  mtu: 1450,
  up: false,
  alias: 'fanctl',
  sysctls: {},
} as const
const vxlan = {
  ...bridge,
  kind: 'vxlan',
  up: true,
  name: 'ftun-250',
  bridge: 'fan-250',
  port: 8472,
  vnis: [7],
  clsact: true,
} as const
const spare = { ...bridge, name: 'fan-9' }
const tunnels = [
  { ...vxlan, name: 'ftun-9' },
  { ...vxlan, name: 'ftun-8', clsact: false },
]
const place: Omit<Filter, 'name'> = { link: 'ftun-250', direction: 'egress', preference: 1, handle: 250 }
const route = { prefix: prefix('250.0.0.0/8'), link: 'ftun-250', source: address('250.3.4.1') }
const to = (text: string) => ({ ...route, prefix: prefix(text) })
const encap = { id: 0, source: address('10.0.3.4'), destination: address('10.0.7.8') }
const neighbour = { link: 'ftun-250', address: address('250.7.8.1'), mac: '02:fa:0a:00:07:08' }
const server = { bridge: 'fan-250', settings: undefined, running: true }
const forwarding = 'net/ipv4/ip_forward'

/** What a host has before each of the changes below. */
const state: State = {
  ...nothing,
  links: [bridge, vxlan, spare, ...tunnels],
  addresses: [{ link: 'fan-250', prefix: prefix('250.3.4.1/8') }],
  routes: [route],
  neighbours: [neighbour],
  filters: [{ ...place, name: 'fan_out_1' }],
  sysctls: { [forwarding]: '0' },
  firewall: { text: 'old', rules: ['1'] },
  dhcpServers: [server],
  files: { 'fan-250.fan.json': '{}' },
}

const old = { text: 'old', rules: ['1'] }
const on = 'ftun-250'

const changes: readonly (readonly [kind: string, change: Change])[] = [
  ['add-link', { object: 'link', link: 'fan-10', after: { ...bridge, name: 'fan-10' } }],
  ['del-link', { object: 'link', link: 'fan-9', before: spare }],
  ['set-link', { object: 'traits', link: 'fan-250', before: { mtu: 1450, up: false }, after: { mtu: 1400, up: true } }],
  ['set-link', { object: 'traits', link: on, before: { bridge: 'fan-250' }, after: { bridge: '' } }],
  ['add-vni', { object: 'vni', link: on, after: 8 }],
  ['del-vni', { object: 'vni', link: on, before: 7 }],
  ['del-clsact', { object: 'clsact', link: 'ftun-9', before: true }],
  ['add-clsact', { object: 'clsact', link: 'ftun-8', after: true }],
  ['add-address', { object: 'address', link: 'fan-250', after: { link: 'fan-250', prefix: prefix('250.3.4.1/24') } }],
  ['del-address', { object: 'address', link: 'fan-250', before: { link: 'fan-250', prefix: prefix('250.3.4.1/8') } }],
  ['add-routes', { object: 'routes', link: on, after: ['251.0.0.0/8', '252.0.0.0/8'].map(to) }],
  ['del-routes', { object: 'routes', link: on, before: [route] }],
  ['set-routes', { object: 'routes', link: on, before: [route], after: [{ ...route, source: address('250.3.5.1') }] }],
  ['set-routes', { object: 'routes', link: on, before: [route], after: [{ ...route, encap }] }],
  ['add-neighbours', { object: 'neighbours', link: on, after: [{ ...neighbour, address: address('250.3.5.1') }] }],
  ['del-neighbours', { object: 'neighbours', link: on, before: [neighbour] }],
  ['add-filter', { object: 'filter', link: on, after: { ...place, direction: 'ingress', name: 'fan_in_1' } }],
  ['del-filter', { object: 'filter', link: on, before: { ...place, name: 'fan_out_1' } }],
  [
    'set-filter',
    { object: 'filter', link: on, before: { ...place, name: 'fan_out_1' }, after: { ...place, name: 'x' } },
  ],
  ['set-sysctl', { object: 'sysctl', before: { key: forwarding, value: '0' }, after: { key: forwarding, value: '1' } }],
  ['set-firewall', { object: 'firewall', before: old, after: { text: 'new', rules: ['2'] } }],
  ['set-firewall', { object: 'firewall', before: old }],
  ['start-dhcp', { object: 'server', link: 'fan-9', after: { ...server, bridge: 'fan-9' } }],
  ['stop-dhcp', { object: 'server', link: 'fan-250', before: server }],
  ['set-file', changeFile('fan-250.fan.json', '{}', '{"mtu":1400}')],
  ['set-file', changeFile('fan-250.fan.json', '{}', undefined)],
  ['set-file', changeFile('fan-10.fan.json', undefined, '{}')],
]

describe.each(changes)('a change %s', (kind, change) => {
  test('is called so', () => {
    expect(kindOf(change)).toBe(kind)
  })

  test('is what the inverse of its inverse is', () => {
    const [inverse] = invertAll([change])
    expect(inverse && invert(inverse)).toEqual(change)
  })

  test('changes the host, and its inverse puts everything back', () => {
    const after = perform(change, state)
    expect(sorted(after)).not.toEqual(sorted(state))
    expect(sorted(performAll(invertAll([change]), after))).toEqual(sorted(state))
  })
})

describe('nothing has to be undone of', () => {
  const key = 'net/ipv4/conf/fan-250/send_redirects'
  test.each<[string, Change]>([
    ['a setting of a link that is new', { object: 'sysctl', link: 'fan-250', after: { key, value: '0' } }],
    ['the end of a server that did not run', { object: 'server', before: { ...server, running: false } }],
    ['a name that a link has back', { object: 'name', link: on, before: { name: 'x' }, after: { name: on } }],
  ])('%s', (_, change) => {
    expect(invert(change)).toBeUndefined()
    expect(invertAll([change])).toEqual([])
  })
})

test('changes are undone from the last to the first', () => {
  const add: Change = { object: 'vni', link: on, after: 8 }
  const remove: Change = { object: 'vni', link: on, before: 7 }
  expect(invertAll([add, remove])).toEqual([
    { object: 'vni', link: on, after: 7 },
    { object: 'vni', link: on, before: 8 },
  ])
})

test('the host in memory refuses a trait of a new link that no message brings', () => {
  const after = { ...bridge, name: 'fan-10', colour: 'green' }
  expect(() => perform({ object: 'link', link: 'fan-10', after }, state)).toThrow('how does a bridge get colour?')
})

test('a change of nothing is a mistake', () => {
  expect(() => subjectOf({ object: 'vni', link: on })).toThrow('a change of vni from nothing to nothing')
})
