/** Hosts of one fan that steer differently, real packets. On a /24, so that a host has few routes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ShowView } from '../../src/results/show.js'
import type { UpView } from '../../src/results/up.js'
import { sendForgedSource } from './forgery.js'
import type { Injection } from './inject.js'
import { Lab, type LabContainer, type LabHost } from './lab.js'
import { must } from './shell.js'
import { snapshot } from './snapshot.js'
import { labTypes } from './types.js'

const overlay = ['-o', '250.0.0.0/8']
const look = (host: LabHost) => snapshot((words) => host.must(words), host.folders.runtime)

describe.each(labTypes())('a %s fan whose hosts steer by ebpf, routes and routes', (type) => {
  const words = [...overlay, '-u', 'eth0/24', '--type', type, '--dhcp', '--steering']
  const tunnel = type === 'ipip' ? 'ftun0' : 'ftun-250'
  let lab: Lab
  let untouched: Awaited<ReturnType<typeof look>>
  const host = (index: number) => lab.hosts[index] as LabHost
  const container = (index: number) => lab.containers[index] as LabContainer
  const up = (index: number, steering: string) => host(index).fanctlJson<UpView>(['up', ...words, steering])
  const shown = async (index: number) => (await host(index).fanctlJson<ShowView>(['show'])).fans[0]
  const unreached = async () =>
    (await lab.matrix()).filter(({ reached }) => !reached).map(({ from, to }) => `${from.name} -> ${to.name}`)

  beforeAll(async () => {
    lab = await Lab.build({ hosts: 3, underlay: '10.0.0.0/24' })
    untouched = await look(host(2))
    for (const [index, steering] of ['auto', 'routes', 'routes'].entries()) {
      await up(index, steering)
      await lab.addContainer(host(index), 'fan-250')
    }
  })
  afterAll(() => lab.close())

  test('lets every container reach every other', async () => {
    expect(await unreached()).toEqual([])
  })

  test('shows who steers and why, and counts only where a program does', async () => {
    expect(await shown(0)).toMatchObject({
      ...{ steering: 'ebpf', steeringReason: 'the first that works here', state: 'up', counters: { spoofed: 0 } },
    })
    expect(await shown(1)).toMatchObject({
      ...{ steering: 'routes', steeringReason: 'requested', state: 'up', drift: [], counters: null },
    })
  })

  test('has a route for each other host, and finds nothing to do the second time', async () => {
    const routes = await host(1).must(['ip', 'route', 'show', 'dev', tunnel])
    expect(routes.trim().split('\n')).toHaveLength(254)
    expect((await up(1, 'routes')).steps).toEqual([])
  })

  test('names the route and the next hop that somebody removed, and puts them back', async () => {
    await host(1).must(['ip', 'route', 'del', '250.11.0.0/16'])
    if (type === 'vxlan') await host(1).must(['ip', 'neigh', 'del', '250.13.0.1', 'dev', tunnel])
    const drift = (await shown(1))?.drift.join('\n')
    expect(drift).toContain('ip route add 250.11.0.0/16 encap ip id')
    expect(drift?.includes('ip neigh add 250.13.0.1 lladdr 02:fa:0a:00:00:0d')).toBe(type === 'vxlan')
    await up(1, 'routes')
    expect((await shown(1))?.drift).toEqual([])
    expect(await unreached()).toEqual([])
  })

  test('has what a host with routes sends checked by one with programs', async () => {
    const before = (await shown(0))?.counters?.spoofed ?? 0
    expect(await sendForgedSource(container(1), container(0), '250.99.0.5')).toBe('no answer')
    expect((await shown(0))?.counters?.spoofed ?? 0).toBeGreaterThan(before)
  })

  test('says that fan-map does not work on this kernel, and steers by ebpf', async () => {
    const { fan, warnings } = await host(0).fanctlJson<UpView>(['plan', ...words, 'fan-map'])
    expect(fan?.steering).toBe('ebpf')
    expect(warnings.join('\n')).toMatch(
      /fan-map steering does not work on this host; using ebpf instead \(fan-map: the kernel/,
    )
  })

  test('goes over from one to the other while its containers stay', async () => {
    await up(0, 'routes')
    await up(1, 'ebpf')
    // On vxlan it knows others by hardware addresses, and would ask again within a minute.
    await container(0).must(['ip', 'neigh', 'flush', 'all'])
    expect(await unreached()).toEqual([])
    expect([(await shown(0))?.drift, (await shown(1))?.drift]).toEqual([[], []])
  })

  test('goes down without a trace', async () => {
    lab.removeContainer(container(2))
    await host(2).fanctlJson(['down', ...overlay])
    expect(await look(host(2))).toEqual(untouched)
  })
})

// Once is enough: where the machine's own kernel has vxlan only.
describe.runIf(!labTypes().includes('ipip'))('with routes', () => {
  test('a failure at any step of up leaves the host as it was', async () => {
    const lab = await Lab.build({ hosts: 1, underlay: '10.0.0.0/24' })
    try {
      await must([process.execPath, 'scripts/build-tool.mjs', 'test/lab/inject.ts'])
      const [host] = lab.hosts as [LabHost]
      const inject = [process.execPath, 'dist/tools/inject.cjs', '250.0.0.0/8', 'eth0/24', 'vxlan', 'routes']
      const { output, complaint } = await host.run(inject, { timeout: 170_000 })
      expect(complaint).toBe('')
      const injections = JSON.parse(output) as Injection[]
      const whole = 'ip route add 250.0.0.0/8 dev ftun-250 proto static src 250.11.0.1'
      expect(injections.filter(({ step }) => step === whole).map(({ reported }) => reported)).toEqual([
        `this step failed: ${whole}: injected`,
        `this step failed: ${whole}: EEXIST: it already exists`,
      ])
      expect(injections.flatMap(({ differences }) => differences)).toEqual([])
    } finally {
      lab.close()
    }
  })
})
