/** What hosts and fans share: the DHCP server of each host, its neighbour table, its connection tracking, its log. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mostConnections, mostNeighbours } from '../../../src/core/firewall/bounds.js'
import type { LeasesView } from '../../../src/results/leases.js'
import type { ShowView } from '../../../src/results/show.js'
import { Lab, type LabContainer, type LabHost } from '../lab.js'
import { labTypes } from '../types.js'
import { countOf, dhcpMessage, further, macOfCard, send } from './forge.js'

const [discover, release] = [1, 7]
const serverPort = 67

describe.each(labTypes())('of a %s fan', (type) => {
  let lab: Lab
  const host = (index: number) => lab.hosts[index] as LabHost
  const container = (index: number) => lab.containers[index] as LabContainer
  const dropsOf = async (one: LabHost) => {
    const drops = (await one.fanctlJson<ShowView>(['show'])).fans[0]?.drops
    if (!drops) throw new Error('no drops')
    return drops
  }
  const leasesOf = async (one: LabHost) =>
    (await one.fanctlJson<LeasesView>(['leases'])).leases.map(({ address }) => address)

  beforeAll(async () => {
    lab = await Lab.build({ hosts: 2 })
    for (const one of lab.hosts) {
      await one.fanctlJson(['up', '-o', '250.0.0.0/8', '-u', 'eth0/16', '--type', type, '--dhcp'])
      await lab.addContainer(one, 'fan-250')
    }
  })
  afterAll(() => lab.close())

  test("a container does not release another host's lease", async () => {
    const victim = container(1)
    const server = victim.lease['router'] ?? ''
    const message = dhcpMessage({ type: release, mac: await macOfCard(victim), address: victim.address, server })
    await send(container(0), 'nobody', [{ to: server, port: serverPort, bytes: message }])
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await leasesOf(host(1))).toEqual([victim.address])
  })

  test("nor asks that host's DHCP server for anything, and is counted there", async () => {
    const bytes = dhcpMessage({ type: discover, mac: '02:00:00:00:00:77' })
    const before = (await dropsOf(host(1))).dhcp
    await send(container(0), 'nobody', [{ to: container(1).lease['router'] ?? '', port: serverPort, bytes }])
    expect((await dropsOf(host(1))).dhcp - before).toBe(1)
  })

  // On ipip a question comes out of the tunnel's link, which dnsmasq does not serve.
  test.runIf(type === 'vxlan')('a container asks the DNS server of another host, which answers', async () => {
    const asked = ['busybox', 'nslookup', `${container(1).name}.fan`, container(1).lease['dns'] ?? '']
    expect(await container(0).must(asked)).toContain(container(1).address)
  })

  test('no container is called wpad, by which browsers find their proxy', async () => {
    const ask = (name: string) => container(0).run(['busybox', 'nslookup', name, container(0).lease['dns'] ?? ''])
    const client = ['busybox', 'udhcpc', '-i', 'eth0', '-s', '/bin/true', '-n', '-q', '-t', '4', '-T', '1']
    await container(0).must([...client, '-x', 'hostname:wpad'])
    expect((await ask('wpad.fan')).output).not.toContain(container(0).address)
    await container(0).must([...client, '-x', 'hostname:again'])
    expect((await ask('again.fan')).output).toContain(container(0).address)
  })

  test('a flood of DHCP requests is held up before it comes to the server and its log', async () => {
    const bytes = dhcpMessage({ type: discover, mac: '02:00:00:00:00:78' })
    const gateway = container(0).lease['router'] ?? ''
    const heard = await countOf(host(0), 'Udp', 'InDatagrams')
    const before = (await dropsOf(host(0))).excess
    await send(
      container(0),
      'nobody',
      Array.from({ length: 3000 }, () => ({ to: gateway, port: serverPort, bytes })),
    )
    expect((await countOf(host(0), 'Udp', 'InDatagrams')) - heard).toBeLessThan(2500)
    expect((await dropsOf(host(0))).excess - before).toBeGreaterThan(500)
    expect(await leasesOf(host(0))).toEqual([container(0).address])
  })

  test.runIf(type === 'vxlan')(
    'packets to far addresses through the gateway do not fill the neighbour table',
    async () => {
      const far = Array.from({ length: 700 }, (_, index) => further('250.99.0.1', index))
      await container(0).must(['ip', 'route', 'add', '250.99.0.0/16', 'via', container(0).lease['router'] ?? ''])
      const before = (await dropsOf(host(0))).excess
      await send(
        container(0),
        'nobody',
        far.map((to) => ({ to, port: 9, bytes: Buffer.from([0]) })),
      )
      const entries = (await host(0).must(['ip', '-4', 'neigh', 'show', 'dev', 'fan-250', 'nud', 'all']))
        .trim()
        .split('\n')
      expect(entries.length).toBeGreaterThan(300)
      expect(entries.length).toBeLessThanOrEqual(mostNeighbours + 8)
      expect((await dropsOf(host(0))).excess - before).toBeGreaterThan(100)
    },
  )

  test('a container opens so many connections and no more, while its host opens others', async () => {
    const tracked = async () => Number(await host(0).must(['cat', '/proc/sys/net/netfilter/nf_conntrack_count']))
    const target = host(1).address
    const gateway = container(0).lease['router'] ?? ''
    // An emulated machine is slow: the first entries would have expired before the last are there.
    await host(0).must(['sysctl', '-qw', 'net.netfilter.nf_conntrack_udp_timeout=600'])
    const before = await tracked()
    const ports = (from: number) => Array.from({ length: 3000 }, (_, index) => from + index)
    for (const [from, to] of [
      [1, target],
      [3001, gateway],
      [6001, target],
    ] as const)
      await send(
        container(0),
        'nobody',
        ports(from).map((port) => ({ to, port, bytes: Buffer.from([0]) })),
      )
    expect(await tracked()).toBeGreaterThan(mostConnections * 0.9)
    expect(await tracked()).toBeLessThan(mostConnections + before + 100)
    const { status } = await host(0).run(['busybox', 'ping', '-c', '1', '-W', '3', target])
    expect(status).toBe(0)
  })
})
