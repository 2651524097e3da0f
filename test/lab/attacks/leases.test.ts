/** Lease files with leases of other slices, with too many of them, and with rubbish: dnsmasq starts and serves. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LeasesView } from '../../../src/results/leases.js'
import type { ShowView } from '../../../src/results/show.js'
import { Lab, type LabHost } from '../lab.js'
import { labTypes } from '../types.js'

const type = labTypes()[0] ?? 'vxlan'
const soon = Math.floor(Date.now() / 1000) + 3000

/** Leases of addresses of one slice, one client each. */
const leasesOf = (start: string, count: number, from = 2) =>
  Array.from({ length: count }, (_, index) => {
    const byte = index.toString(16).padStart(2, '0')
    return `${soon} 00:16:3e:${start.split('.')[2]}:77:${byte} ${start}.${from + index} c${index} *\n`
  }).join('')

describe('the leases of a bridge', () => {
  let lab: Lab
  let host: LabHost
  /** A /30 over the one and a /24 over the other: one container, and 253. */
  const small = ['up', '-o', '250.0.0.0/14', '-u', 'eth0/16', '--type', type, '--dhcp', '--bridge', 'lan']
  const wide = ['up', '-o', '250.0.0.0/8', '-u', 'eth0/16', '--type', type, '--dhcp', '--bridge', 'lan']
  const down = ['down', '--bridge', 'lan', '--force']
  const file = () => join(host.folders.state, 'lan.leases')
  const store = (text: string) => {
    mkdirSync(host.folders.state, { recursive: true })
    rmSync(`${file()}.aside`, { force: true })
    writeFileSync(file(), text)
  }
  const shown = async () => (await host.fanctlJson<LeasesView>(['leases'])).leases.map(({ address }) => address)

  beforeAll(async () => {
    lab = await Lab.build({ hosts: 1 })
    const [first] = lab.hosts
    if (!first) throw new Error('no host')
    host = first
  })
  afterAll(() => lab?.close())

  test('a hundred of a wider slice: one of /30 comes up all the same, and serves; when the wider one is back, so are they', async () => {
    store(leasesOf('250.0.11', 100, 50))
    await host.fanctlJson(small)
    expect(await shown()).toEqual([])
    const container = await lab.addContainer(host, 'lan')
    expect(container.address).toBe('250.0.0.46')
    const { fans } = await host.fanctlJson<ShowView>(['show'])
    expect(fans).toMatchObject([{ leases: { lent: 1, of: 1 } }])
    expect((await host.fanctl(['show', '--wide'])).output).toContain('lan has no free DHCP address: all 1 are leased')
    lab.removeContainer(container)
    await host.fanctlJson(down)
    await host.fanctlJson(wide)
    expect((await shown()).filter((address) => address.startsWith('250.0.11.'))).toHaveLength(100)
    expect(await shown()).not.toContain('250.0.0.46')
    await host.fanctlJson(down)
  })

  test('of another slice after a renumbering: they do not count against the new one', async () => {
    store(leasesOf('250.0.9', 253))
    await host.fanctlJson(wide)
    const before = await host.fanctlJson<ShowView>(['show'])
    expect(before.fans).toMatchObject([{ leases: { lent: 0, of: 253 } }])
    const containers = [await lab.addContainer(host, 'lan'), await lab.addContainer(host, 'lan')]
    expect((await shown()).sort()).toEqual(containers.map(({ address }) => address).sort())
    for (const container of containers) lab.removeContainer(container)
    await host.fanctlJson(down)
  })

  test('outside of the pool, since more of the slice is reserved', async () => {
    store(leasesOf('250.0.11', 20))
    await host.fanctlJson([...wide, '--host-reserve', '10'])
    expect((await shown())[0]).toBe('250.0.11.11')
    await host.fanctlJson([...wide, '--host-reserve', '1'])
    expect((await shown()).sort()).toEqual(Array.from({ length: 20 }, (_, index) => `250.0.11.${index + 2}`).sort())
    await host.fanctlJson(down)
  })

  test('a hundred thousand lines of rubbish, addresses twice and half a line: what is right in it counts', async () => {
    const rubbish = Array.from({ length: 100_000 }, (_, index) => `${index} \u001b[31m ${'x'.repeat(40)}`).join('\n')
    const [twice = ''] = leasesOf('250.0.11', 1).split('\n')
    const good = leasesOf('250.0.11', 3)
    store(`${rubbish}\n${good}${twice.replace('77:00', '77:99')}\n${twice.slice(0, 30)}`)
    const begun = performance.now()
    await host.fanctlJson(wide)
    expect(performance.now() - begun).toBeLessThan(20_000)
    expect((await shown()).sort()).toEqual(['250.0.11.2', '250.0.11.3', '250.0.11.4'])
    expect(readFileSync(file(), 'utf8').split('\n')).toHaveLength(4)
    await host.fanctlJson(down)
  })

  test('a folder where the leases that are set aside should be, and too large a file', async () => {
    store(leasesOf('250.0.11', 2))
    mkdirSync(`${file()}.aside`, { recursive: true })
    await host.fanctlJson(wide)
    expect(await shown()).toHaveLength(2)
    await host.fanctlJson(down)
    rmSync(`${file()}.aside`, { recursive: true })
    await host.must(['truncate', '-s', '1G', file()])
    expect(await host.fanctl(wide)).toMatchObject({
      status: 1,
      complaint: expect.stringMatching(/lan\.leases is too large: at least 1073741824 bytes/),
    })
    const { leases, warnings } = await host.fanctlJson<LeasesView>(['leases'])
    expect({ leases, warnings }).toEqual({ leases: [], warnings: [expect.stringContaining('1073741824 bytes')] })
    expect(existsSync(join(host.folders.runtime, 'lan.fan.json'))).toBe(false)
  })
})
