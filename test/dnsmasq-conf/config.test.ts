import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bridgeAddressOf, fanPoolOf, fanSliceOf } from '../../src/core/fan.js'
import { gatewayOf } from '../../src/core/fan-map.js'
import { netmaskOf, sizeOf } from '../../src/core/ipv4.js'
import type { DhcpSettings } from '../../src/core/state.js'
import { parseConfig, renderConfig } from '../../src/dnsmasq-conf/config.js'
import { anyFan } from '../core/arbitraries.js'
import { address } from '../core/support.js'

const place = { leases: '/var/lib/fanctl/fan-250.leases', user: 'dnsmasq' }

const usual: DhcpSettings = {
  gateway: address('250.3.4.1'),
  netmask: address('255.255.255.0'),
  pool: { first: address('250.3.4.2'), last: address('250.3.4.254') },
  mtu: 1480,
  leaseMax: 256,
}

const anySettings: fc.Arbitrary<DhcpSettings> = anyFan.map((fan) => ({
  gateway: gatewayOf(fanSliceOf(fan)),
  netmask: netmaskOf(bridgeAddressOf(fan).length),
  pool: fanPoolOf(fan),
  mtu: fan.mtu ?? 1450,
  leaseMax: sizeOf(fanSliceOf(fan).length),
}))

describe('the configuration of a server', () => {
  const lines = renderConfig('fan-250', usual, place).split('\n')

  test.each([
    'interface=fan-250',
    'user=dnsmasq',
    // The loopback link is where the host's own resolver listens.
    'except-interface=lo',
    'bind-dynamic',
    // Without a netmask clients would get the bridge's, which Docker and CNI change.
    'dhcp-range=250.3.4.2,250.3.4.254,255.255.255.0,1h',
    'dhcp-option=option:router,250.3.4.1',
    'dhcp-option=option:dns-server,250.3.4.1',
    // Clients that do not ask for the MTU get it, too.
    'dhcp-option-force=26,1480',
    'dhcp-lease-max=256',
    'dhcp-leasefile=/var/lib/fanctl/fan-250.leases',
    'no-ping',
    'pid-file=',
  ])('has the line %s', (line) => {
    expect(lines.filter((one) => one === line)).toEqual([line])
  })

  test('survives being written and read', () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        expect(parseConfig(renderConfig('fan-250', settings, place))).toEqual(settings)
      }),
    )
  })

  test('consists of comments, words and `key=value`, and ends with a line break', () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        const text = renderConfig('fan-250', settings, place)
        expect(text.endsWith('\n')).toBe(true)
        for (const line of text.slice(0, -1).split('\n')) expect(line).toMatch(/^(#.*|[a-z-]+(=[^\s#"]*)?)$/)
      }),
    )
  })

  test('has as many lines whatever the settings are', () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        expect(renderConfig('fan-250', settings, place).split('\n')).toHaveLength(lines.length)
      }),
    )
  })
})

describe('a file is not one of ours', () => {
  const text = renderConfig('fan-250', usual, place)

  test.each([
    ['when it is empty', ''],
    ['when it is cut off', text.slice(0, text.indexOf('dhcp-option-force'))],
    ['without a range', text.replace(/^dhcp-range=.*\n/m, '')],
    ['when its range is no range', text.replace('250.3.4.254', 'static')],
    ['without a netmask', text.replace(',255.255.255.0,1h', ',1h')],
    ['without a router', text.replaceAll(/^dhcp-option=.*\n/gm, '')],
    ['when its MTU is no number', text.replace('26,1480', '26,big')],
    ['without a most of leases', text.replace(/^dhcp-lease-max=.*\n/m, '')],
    ['when all of it is comments', text.replaceAll(/^/gm, '#')],
    ['when it is of another program', '{"dhcp-range": "250.3.4.2"}'],
  ])('%s', (_, damaged) => {
    expect(parseConfig(damaged)).toBeUndefined()
  })
})
