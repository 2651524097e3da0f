/** Several fans at once on one host: of both types where the kernel has both, over two underlays, steered in two ways. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ShowView } from '../../src/results/show.js'
import { Lab, type LabContainer, type LabHost } from './lab.js'
import { labTypes } from './types.js'

const types = labTypes()
const [first = 'vxlan'] = types
const second = types[1] ?? first

const fans = [
  { overlay: '250.0.0.0/8', bridge: 'fan-250', underlay: 'eth0/16', type: first, steering: 'ebpf' },
  { overlay: '251.0.0.0/8', bridge: 'fan-251', underlay: 'eth0/16', type: second, steering: 'ebpf' },
  // The same type as the first: on ipip they share the one tunnel.
  { overlay: '100.64.0.0/10', bridge: 'blue', underlay: 'eth1/24', type: first, steering: 'routes' },
]

describe(`fans of the types ${fans.map(({ type }) => type).join(', ')} side by side`, () => {
  let lab: Lab
  const containers = new Map<string, LabContainer[]>()
  const on = (bridge: string) => containers.get(bridge) ?? []
  const up = (host: LabHost, fan: (typeof fans)[number]) =>
    host.fanctlJson([
      'up',
      '-o',
      fan.overlay,
      '-u',
      fan.underlay,
      '--type',
      fan.type,
      '--steering',
      fan.steering,
      '--bridge',
      fan.bridge,
      '--dhcp',
    ])
  const unreached = async (bridge: string) =>
    (await lab.matrix(on(bridge))).filter(({ reached }) => !reached).map(({ from, to }) => `${from.name} ${to.name}`)

  beforeAll(async () => {
    lab = await Lab.build({ hosts: 2 })
    for (const [index, host] of lab.hosts.entries()) {
      // Both cards are on one network: the right one is to answer.
      await host.must(['sysctl', '-qw', 'net.ipv4.conf.all.arp_ignore=1'])
      await lab.connect(host.namespace, `192.168.7.${21 + index}/24`, `second${index}`, 1400, 'eth1')
      for (const fan of fans) {
        await up(host, fan)
        containers.set(fan.bridge, [...on(fan.bridge), await lab.addContainer(host, fan.bridge)])
      }
    }
  })
  afterAll(() => lab.close())

  test.each(fans)('containers of $overlay over $underlay reach each other', async ({ bridge }) => {
    expect(await unreached(bridge)).toEqual([])
  })

  test('each container has the MTU of its own underlay', () => {
    const overhead = first === 'ipip' ? 20 : 50
    expect(on('blue').map(({ lease }) => lease['mtu'])).toEqual([String(1400 - overhead), String(1400 - overhead)])
  })

  test('slices follow the map of each fan', () => {
    expect(on('fan-251').map(({ lease }) => lease['router'])).toEqual(['251.0.11.1', '251.0.12.1'])
    expect(on('blue').map(({ lease }) => lease['router'])).toEqual(['100.69.64.1', '100.69.128.1'])
  })

  test('show lists all of them, each up', async () => {
    const { fans: shown } = (await lab.hosts[0]?.fanctlJson<ShowView>(['show'])) ?? { fans: [] }
    const rows = shown.map(({ bridge, type, state, drift }) => ({ bridge, type, state, drift }))
    const expected = fans.map(({ bridge, type }) => ({ bridge, type, state: 'up', drift: [] }))
    expect(rows.sort(byBridge)).toEqual(expected.sort(byBridge))
  })

  test('one goes down, and the others go on', async () => {
    const [host] = lab.hosts
    await host?.fanctl(['down', '--bridge', 'fan-250', '--force'])
    expect(await unreached('fan-251')).toEqual([])
    expect(await unreached('blue')).toEqual([])
  })
})

function byBridge(a: { bridge: string }, b: { bridge: string }): number {
  return a.bridge < b.bridge ? -1 : 1
}
