import { expect, test } from 'vitest'
import { vxlanTunnel } from '../../../../src/core/types/vxlan/tunnel.js'
import { fan } from '../../support.js'

const traits = { name: 'ftun-250', mtu: 1450, up: true, alias: '', clsact: true, sysctls: { a: '1' } }

test.each(['ebpf', 'fan-map'] as const)('where %s steers, the tunnel is a port of the bridge', (steering) => {
  const link = vxlanTunnel.link(traits, fan({ type: 'vxlan', steering }))
  expect(link).toMatchObject({ bridge: 'fan-250', mac: '06:fa:0a:00:03:04', sysctls: { a: '1' } })
})

test('where routes steer, it answers to the hardware address of the bridge, and for containers', () => {
  const link = vxlanTunnel.link(traits, fan({ type: 'vxlan', steering: 'routes' }))
  expect(link).not.toHaveProperty('bridge')
  expect(link).toMatchObject({
    mac: '02:fa:0a:00:03:04',
    sysctls: {
      a: '1',
      'net/ipv4/conf/ftun-250/send_redirects': '0',
      'net/ipv4/conf/ftun-250/proxy_arp': '1',
      'net/ipv4/neigh/ftun-250/proxy_delay': '0',
    },
  })
})

test('is named with its VNI', () => {
  expect(vxlanTunnel.words('ftun-250', fan({ type: 'vxlan', vni: 7 }))).toBe('ftun-250 (VNI 7)')
})
