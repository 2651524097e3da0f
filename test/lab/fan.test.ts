/** A fan of three hosts, real packets. The numbers of must-be-true are in the issue; this file is where they are seen. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LeasesView } from '../../src/results/leases.js'
import type { FanView } from '../../src/results/parts.js'
import type { ShowView } from '../../src/results/show.js'
import { echoesHeard } from './attacks/forge.js'
import { sendAroundTunnel, sendForgedSource, sendToWrongHost } from './forgery.js'
import { Lab, type LabContainer, type LabHost } from './lab.js'
import { namespaceName, removeNamespace } from './namespaces.js'
import { must } from './shell.js'
import { transfer } from './transfer.js'
import { labTypes } from './types.js'

const overheads = { ipip: 20, vxlan: 50 }
const lengths = { ipip: '24', vxlan: '8' }

describe.each(labTypes())('a %s fan of three hosts', (type) => {
  let lab: Lab
  const up = (host: LabHost, ...words: string[]) =>
    host.fanctlJson<{ fan: FanView }>(['up', '-o', '250.0.0.0/8', '-u', 'eth0/16', '--type', type, '--dhcp', ...words])
  const shown = async (host: LabHost) => {
    const [fan] = (await host.fanctlJson<ShowView>(['show'])).fans
    if (!fan?.counters) throw new Error(`no fan or no counters on ${host.name}`)
    return { ...fan, counters: fan.counters }
  }
  const container = (index: number): LabContainer => {
    const found = lab.containers[index]
    if (!found) throw new Error(`no container ${index}`)
    return found
  }

  beforeAll(async () => {
    lab = await Lab.build({ hosts: 3 })
    for (const host of lab.hosts) {
      await up(host)
      for (let count = 0; count < 2; count += 1) await lab.addContainer(host, 'fan-250')
    }
  })
  afterAll(() => lab.close())

  test('gives each container an address of its host, with netmask, gateway, resolver, domain and MTU', () => {
    for (const { host, lease } of lab.containers) {
      const start = host.address.replace('10.0.', '250.')
      expect(lease['ip']).toMatch(new RegExp(`^${start}\\.\\d+$`))
      expect(lease).toMatchObject({
        mask: lengths[type],
        router: `${start}.1`,
        dns: `${start}.1`,
        domain: 'fan',
        mtu: String(1500 - overheads[type]),
      })
    }
  })

  test('lets every container reach every other', async () => {
    const unreached = (await lab.matrix()).filter((pair) => !pair.reached)
    expect(unreached.map(({ from, to }) => `${from.name} -> ${to.name}`)).toEqual([])
  })

  test('carries packets of the full MTU without fragments', async () => {
    const bytes = 1500 - overheads[type] - 28
    expect(await container(0).reaches(container(2).address, bytes)).toBe(true)
  })

  test('lets a container reach a machine that knows no fan, with the address of its host and only with NAT', async () => {
    const name = namespaceName('plain')
    await must(['ip', 'netns', 'add', name])
    try {
      // It has no route to the overlay, so it can answer only what comes with an address of the underlay.
      await lab.connect(name, '10.0.0.98/16', 'plain')
      expect(await container(0).reaches('10.0.0.98')).toBe(true)
      const [host] = lab.hosts
      if (!host) throw new Error('no host')
      await up(host, '--no-nat')
      expect(await container(0).reaches('10.0.0.98')).toBe(false)
      await up(host, '--nat')
    } finally {
      removeNamespace(name)
    }
  })

  test('moves 100 MB by TCP intact', async () => {
    const { intact, bytes } = await transfer(container(0), container(4), container(4).address, { megabytes: 100 })
    expect({ intact, bytes }).toEqual({ intact: true, bytes: 104_857_600 })
  })

  test('lists the leases by name', async () => {
    const [host] = lab.hosts
    const { leases } = (await host?.fanctlJson<LeasesView>(['leases'])) ?? { leases: [] }
    const names = lab.containers.filter((one) => one.host === host).map((one) => `${one.name} ${one.address}`)
    expect(leases.map(({ hostname, address }) => `${hostname} ${address}`).sort()).toEqual(names.sort())
  })

  test('answers names of its own containers', async () => {
    const asked = await container(0).must([
      'busybox',
      'nslookup',
      `${container(1).name}.fan`,
      container(0).lease['dns'] ?? '',
    ])
    expect(asked).toContain(container(1).address)
  })

  test('drops and counts a packet whose inner source does not belong to its outer source', async () => {
    const [target] = lab.hosts
    if (!target) throw new Error('no host')
    const before = (await shown(target)).counters
    const heard = await echoesHeard(container(0))
    expect(await sendForgedSource(container(2), container(0), '250.0.13.99')).toBe('no answer')
    const after = (await shown(target)).counters
    expect(after.spoofed - before.spoofed).toBeGreaterThanOrEqual(1)
    expect(await echoesHeard(container(0))).toBe(heard)
  })

  test("drops and counts a packet for another host's slice", async () => {
    const [target] = lab.hosts
    if (!target) throw new Error('no host')
    const before = (await shown(target)).counters.misdirected
    await sendToWrongHost(lab, type, target, container(2).address)
    expect((await shown(target)).counters.misdirected - before).toBe(3)
  })

  test.each(['250.0.99.5', '250.0.11.77'])('drops what says to be %s and comes around the tunnel', async (source) => {
    const [target] = lab.hosts
    if (!target) throw new Error('no host')
    const before = await echoesHeard(container(0))
    await sendAroundTunnel(lab, target, container(0), source)
    expect(await echoesHeard(container(0))).toBe(before)
  })

  test('shows itself as up, with its containers', async () => {
    for (const host of lab.hosts) {
      const { state, drift, containers, slice } = await shown(host)
      expect({ state, drift }).toEqual({ state: 'up', drift: [] })
      expect(containers).toHaveLength(2)
      expect(slice).toBe(`${host.address.replace('10.0.', '250.')}.0/24`)
    }
  })

  test('shows the table that scripts read', async () => {
    const [host] = lab.hosts
    const { output } = (await host?.fanctl(['show'])) ?? { output: '' }
    expect(output.split('\n').slice(0, 2)).toEqual([
      'Bridge           Underlay             Overlay              Flags',
      `fan-250          10.0.0.11/16         250.0.0.0/8          dhcp`,
    ])
  })

  test('names the part that somebody removed, and puts it back', async () => {
    const [host] = lab.hosts
    if (!host) throw new Error('no host')
    const tunnel = type === 'ipip' ? 'ftun0' : 'ftun-250'
    await host.must(['tc', 'filter', 'del', 'dev', tunnel, 'egress'])
    await host.must(['nft', 'flush', 'ruleset'])
    const { state, drift } = await shown(host)
    expect(state).toBe('drift')
    expect(drift.join('\n')).toMatch(/tc filter add dev ftun[-\d]+ egress/)
    expect(drift.join('\n')).toContain('table inet fanctl')
    expect((await host.fanctl(['show', '--check'])).status).toBe(3)
    await up(host)
    expect((await shown(host)).state).toBe('up')
    expect(await container(0).reaches(container(5).address)).toBe(true)
  })

  test('does not go down while containers are attached, and names them', async () => {
    const [host] = lab.hosts
    const refused = await host?.fanctl(['down', '-o', '250.0.0.0/8'])
    expect(refused?.status).toBe(1)
    expect(refused?.complaint).toContain('fan-250 is in use by vh1c1, vh1c2')
    expect(await container(0).reaches(container(5).address)).toBe(true)
  })

  test('gives a container its old address after down and up', async () => {
    const host = lab.hosts[2]
    const old = lab.containers.filter((one) => one.host === host)
    if (!host) throw new Error('no host')
    await host.must([process.execPath, 'bin/fanctl', 'down', '-o', '250.0.0.0/8', '--force'], {
      environment: { FANCTL_RUNTIME_DIR: host.folders.runtime, FANCTL_STATE_DIR: host.folders.state },
    })
    await up(host)
    const { leases } = await host.fanctlJson<LeasesView>(['leases'])
    expect(leases.map(({ address }) => address).sort()).toEqual(old.map(({ address }) => address).sort())
  })
})
