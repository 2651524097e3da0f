import { describe, expect, test } from 'vitest'
import { imported } from './imported.js'

const fan = (name: string, overlay: string) =>
  `name: ${name}\ntype: bridge\nmanaged: true\nconfig:\n  bridge.mode: fan\n  fan.overlay_subnet: ${overlay}\n`
const item = (network: string) => `- ${network.trim().replaceAll('\n', '\n  ')}\n`
const bridge = 'name: lxdbr0\ntype: bridge\nconfig:\n  ipv4.address: 10.1.1.1/24\n'
const card = 'name: eth0\ntype: physical\nmanaged: false\nconfig: {}\n'
const lineOf = (overlay: string) => `default/16 ${overlay} --dhcp --type vxlan --enable`

describe('networks of LXD are found', () => {
  test.each([
    ['in documents', [fan('a', '241.0.0.0/8'), fan('b', '242.0.0.0/8'), bridge, card].join('---\n')],
    ['in a list', [fan('a', '241.0.0.0/8'), card, bridge, fan('b', '242.0.0.0/8')].map(item).join('')],
    [
      'among all that lxd init reads',
      `config: {}\nnetworks:\n${[bridge, fan('a', '241.0.0.0/8'), fan('b', '242.0.0.0/8')].map(item).join('')}profiles: []\n`,
    ],
  ])('%s', (_, text) => {
    const { from, lines, notes } = imported(text)
    expect({ from, lines }).toEqual({ from: 'lxd', lines: [lineOf('241.0.0.0/8'), lineOf('242.0.0.0/8')] })
    expect(notes).toContain('the network lxdbr0 has bridge.mode standard, not fan')
    expect(notes).not.toContain('eth0 has')
  })

  test.each([
    ['in JSON', JSON.stringify([{ name: 'a', type: 'bridge', config: { 'bridge.mode': 'fan' } }])],
    ['in flow style, with comments', '# lxc\n{name: a, config: {bridge.mode: fan, # of Ubuntu\n  fan.type: "vxlan"}}'],
    ['with an anchor', 'x: &fan\n  bridge.mode: fan\nname: a\nconfig:\n  <<: *fan\n'],
  ])('%s', (_, text) => {
    expect(imported(text)).toMatchObject({ from: 'lxd', lines: [lineOf('240.0.0.0/8')] })
  })
})

test.each([
  ['config: {bridge.mode: [fan]}', 'config.bridge.mode of this network of LXD is not a single value'],
  [card, 'it contains no bridge of LXD'],
])('%j is refused', (text, problem) => {
  expect(() => imported(text, undefined, 'lxd')).toThrow(problem)
})
