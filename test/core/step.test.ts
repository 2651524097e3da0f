import { describe, expect, test } from 'vitest'
import { type Filter, nothing, type State } from '../../src/core/state.js'
import { invert, invertAll, linkOf, type Step, setFile } from '../../src/core/step.js'
import { perform, performAll, sorted } from './model.js'
import { address, prefix } from './support.js'

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
  name: 'ftun-250',
  bridge: 'fan-250',
  port: 8472,
  vnis: [7],
  clsact: true,
} as const
const spare = { ...bridge, name: 'fan-9' }
const place: Omit<Filter, 'name'> = { link: 'ftun-250', direction: 'egress', preference: 1, handle: 250 }
const route = { prefix: prefix('250.0.0.0/8'), link: 'ftun-250', source: address('250.3.4.1') }
const to = (text: string) => ({ ...route, prefix: prefix(text) })
const encap = { id: 0, source: address('10.0.3.4'), destination: address('10.0.7.8') }
const neighbour = { link: 'ftun-250', address: address('250.7.8.1'), mac: '02:fa:0a:00:07:08' }
const server = { bridge: 'fan-250', settings: undefined, running: true }
const forwarding = 'net/ipv4/ip_forward'

/** What a host has before each of the steps below. */
const state: State = {
  ...nothing,
  links: [bridge, vxlan, spare],
  addresses: [{ link: 'fan-250', prefix: prefix('250.3.4.1/8') }],
  routes: [route],
  neighbours: [neighbour],
  filters: [{ ...place, name: 'fan_out_1' }],
  sysctls: { [forwarding]: '0' },
  firewall: { text: 'old', rules: ['1'] },
  dhcpServers: [server],
  files: { 'fan-250.fan.json': '{}' },
}

const steps: readonly Step[] = [
  { kind: 'add-link', link: { ...bridge, name: 'fan-10' } },
  { kind: 'del-link', link: spare },
  { kind: 'set-link', name: 'fan-250', from: { mtu: 1450, up: false }, to: { mtu: 1400, up: true } },
  { kind: 'set-link', name: 'ftun-250', from: { bridge: 'fan-250' }, to: { bridge: '' } },
  { kind: 'add-vni', link: 'ftun-250', vni: 8 },
  { kind: 'del-vni', link: 'ftun-250', vni: 7 },
  { kind: 'del-clsact', link: 'ftun-250' },
  { kind: 'add-address', address: { link: 'fan-250', prefix: prefix('250.3.4.1/24') } },
  { kind: 'del-address', address: { link: 'fan-250', prefix: prefix('250.3.4.1/8') } },
  { kind: 'add-routes', link: 'ftun-250', routes: ['251.0.0.0/8', '252.0.0.0/8'].map(to) },
  { kind: 'del-routes', link: 'ftun-250', routes: [route] },
  { kind: 'set-routes', link: 'ftun-250', from: [route], to: [{ ...route, source: address('250.3.5.1') }] },
  { kind: 'set-routes', link: 'ftun-250', from: [route], to: [{ ...route, encap }] },
  { kind: 'add-neighbours', link: 'ftun-250', neighbours: [{ ...neighbour, address: address('250.3.5.1') }] },
  { kind: 'del-neighbours', link: 'ftun-250', neighbours: [neighbour] },
  { kind: 'add-filter', filter: { ...place, direction: 'ingress', name: 'fan_in_1' } },
  { kind: 'del-filter', filter: { ...place, name: 'fan_out_1' } },
  { kind: 'set-filter', from: { ...place, name: 'fan_out_1' }, to: { ...place, name: 'fan_out_2' } },
  { kind: 'set-sysctl', key: forwarding, from: '0', to: '1' },
  { kind: 'set-firewall', from: { text: 'old', rules: ['1'] }, to: { text: 'new', rules: ['2'] } },
  { kind: 'set-firewall', from: { text: 'old', rules: ['1'] }, to: undefined },
  { kind: 'start-dhcp', server: { ...server, bridge: 'fan-9' } },
  { kind: 'stop-dhcp', server },
  setFile('fan-250.fan.json', '{}', '{"mtu":1400}'),
  setFile('fan-250.fan.json', '{}', undefined),
  setFile('fan-10.fan.json', undefined, '{}'),
]

describe.each(steps.map((step) => [step.kind, step] as const))('a step %s', (_, step) => {
  test('is what the inverse of its inverse is', () => {
    const [inverse] = invertAll([step])
    expect(inverse && invert(inverse)).toEqual(step)
  })

  test('changes the host, and its inverse puts everything back', () => {
    const after = perform(step, state)
    expect(sorted(after)).not.toEqual(sorted(state))
    expect(sorted(performAll(invertAll([step]), after))).toEqual(sorted(state))
  })
})

test('the queue of a tunnel is undone by removing it, and the other way round', () => {
  const removal: Step = { kind: 'del-clsact', link: 'ftun-250' }
  expect(invert({ kind: 'add-clsact', link: 'ftun-250' })).toEqual(removal)
  expect(invert(removal)).toEqual({ kind: 'add-clsact', link: 'ftun-250' })
})

describe('nothing has to be undone of', () => {
  test.each<[string, Step]>([
    [
      'a setting of a link that is new',
      { kind: 'set-sysctl', key: 'net/ipv4/conf/fan-250/send_redirects', from: undefined, to: '0' },
    ],
    ['the end of a server that did not run', { kind: 'stop-dhcp', server: { ...server, running: false } }],
  ])('%s', (_, step) => {
    expect(invert(step)).toBeUndefined()
    expect(invertAll([step])).toEqual([])
  })
})

test('steps are undone from the last to the first', () => {
  const add: Step = { kind: 'add-vni', link: 'ftun-250', vni: 8 }
  const remove: Step = { kind: 'del-vni', link: 'ftun-250', vni: 7 }
  expect(invertAll([add, remove])).toEqual([
    { ...remove, kind: 'add-vni' },
    { ...add, kind: 'del-vni' },
  ])
})

describe('a step is about', () => {
  test.each<[Step['kind'], string | undefined, Step]>([
    ['add-link', 'fan-250', { kind: 'add-link', link: bridge }],
    ['set-link', 'fan-250', { kind: 'set-link', name: 'fan-250', from: {}, to: {} }],
    ['del-vni', 'ftun-250', { kind: 'del-vni', link: 'ftun-250', vni: 7 }],
    ['add-clsact', 'ftun-250', { kind: 'add-clsact', link: 'ftun-250' }],
    ['add-address', 'fan-250', { kind: 'add-address', address: { link: 'fan-250', prefix: prefix('250.3.4.1/8') } }],
    ['del-routes', 'ftun-250', { kind: 'del-routes', link: 'ftun-250', routes: [route] }],
    ['set-routes', 'ftun-250', { kind: 'set-routes', link: 'ftun-250', from: [route], to: [route] }],
    ['add-neighbours', 'ftun-250', { kind: 'add-neighbours', link: 'ftun-250', neighbours: [neighbour] }],
    ['add-filter', 'ftun-250', { kind: 'add-filter', filter: { ...place, name: 'fan_out_1' } }],
    ['stop-dhcp', 'fan-250', { kind: 'stop-dhcp', server }],
    ['set-sysctl', 'br.7', { kind: 'set-sysctl', key: 'net/ipv6/conf/br.7/disable_ipv6', from: '0', to: '1' }],
    ['set-sysctl', 'ftun-250', { kind: 'set-sysctl', key: 'net/ipv4/neigh/ftun-250/proxy_delay', from: '80', to: '0' }],
    ['set-sysctl', undefined, { kind: 'set-sysctl', key: forwarding, from: '0', to: '1' }],
    ['set-firewall', undefined, { kind: 'set-firewall', from: undefined, to: undefined }],
    ['set-file', undefined, setFile('fan-250.fan.json', undefined, '{}')],
  ])('its link or the host: %s is about %s', (_, name, step) => {
    expect(linkOf(step)).toBe(name)
  })
})
