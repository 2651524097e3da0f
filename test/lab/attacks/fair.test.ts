/** What bounds a fan must not become a weapon of one container against its neighbours. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mostNeighbours } from '../../../src/core/firewall/bounds.js'
import { Lab, type LabContainer, type LabHost } from '../lab.js'
import { labTypes } from '../types.js'
import { Ether } from './ether.js'
import { dhcpMessage, further, macOfCard } from './forge.js'
import { ethertypes, everybody, frame, ipPacket, protocols, udp } from './packets.js'

describe.each(labTypes())('one container of a %s fan', (type) => {
  let lab: Lab
  const container = (index: number) => lab.containers[index] as LabContainer
  const sockets: Ether[] = []

  beforeAll(async () => {
    lab = await Lab.build({ hosts: 1 })
    const [host] = lab.hosts as [LabHost]
    await host.fanctlJson(['up', '-o', '250.0.0.0/8', '-u', 'eth0/16', '--type', type, '--dhcp'])
    for (let count = 0; count < 2; count += 1) await lab.addContainer(host, 'fan-250')
    sockets.push(new Ether(container(0).namespace, 'eth0'))
  })
  afterAll(() => {
    for (const socket of sockets) socket.close()
    lab.close()
  })

  test('asks for addresses all the time, and its neighbour gets one all the same', async () => {
    const [socket] = sockets as [Ether]
    const mac = await macOfCard(container(0))
    const question = udp(68, 67, dhcpMessage({ type: 1, mac }))
    const packet = ipPacket({ source: '0.0.0.0', target: '255.255.255.255', protocol: protocols.udp }, question)
    const ask = () => {
      for (let count = 0; count < 40; count += 1)
        socket.send(frame({ to: everybody, from: mac }, ethertypes.ipv4, packet))
    }
    for (let count = 0; count < 15; count += 1) ask()
    const flood = setInterval(ask, 10)
    try {
      const client = ['busybox', 'udhcpc', '-i', 'eth0', '-s', '/bin/true', '-n', '-q', '-t', '3', '-T', '1']
      expect((await container(1).run(client)).status).toBe(0)
    } finally {
      clearInterval(flood)
    }
  })

  test.runIf(type === 'vxlan')(
    'sends to far addresses through the gateway, and near ones are reached all the same',
    async () => {
      const [socket] = sockets as [Ether]
      const [host] = lab.hosts as [LabHost]
      const gateway = JSON.parse(await host.must(['ip', '-j', 'link', 'show', 'fan-250']))[0].address
      const ends = { to: gateway, from: await macOfCard(container(0)) }
      for (let count = 0; count < 2 * mostNeighbours; count += 1) {
        const target = further('250.99.0.1', count)
        const packet = ipPacket(
          { source: container(0).address, target, protocol: protocols.udp },
          udp(9, 9, Buffer.alloc(8)),
        )
        socket.send(frame(ends, ethertypes.ipv4, packet))
      }
      const neighbour = container(1)
      await neighbour.must(['ip', 'neigh', 'flush', 'all'])
      await container(0).must([
        'ip',
        'route',
        'add',
        `${neighbour.address}/32`,
        'via',
        container(0).lease['router'] ?? '',
      ])
      expect(await container(0).reaches(neighbour.address)).toBe(true)
    },
  )
})
