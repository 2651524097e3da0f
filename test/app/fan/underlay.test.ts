import { describe, expect, test } from 'vitest'
import { resolveUnderlay } from '../../../src/app/fan/underlay.js'
import type { FoundLink, Observation } from '../../../src/app/ports/machine.js'
import { readUnderlay } from '../../../src/config/values.js'
import { formatPrefix } from '../../../src/core/ipv4.js'
import { errorOf } from '../../core/support.js'
import { ordinaryHost } from '../../fake/machine.js'
import { prefix } from './requests.js'

/** A host with these addresses on these links, besides 10.0.3.4/16 on eth0, where its default route is. */
function hostWith(...more: [link: string, address: string][]): Observation {
  const found = ordinaryHost(prefix('10.0.3.4/16'))
  const [lo] = found.links
  const links = new Set(more.map(([link]) => link).filter((name) => !found.links.some((link) => link.name === name)))
  return {
    ...found,
    links: [
      ...found.links,
      ...[...links].map((name): FoundLink => ({ ...(lo as FoundLink), name, ours: name.startsWith('fan-') })),
    ],
    addresses: [...found.addresses, ...more.map(([link, address]) => ({ link, prefix: prefix(address) }))],
  }
}

const resolve = (text: string, found: Observation) => resolveUnderlay(readUnderlay('the underlay', text), found)

/** A bridge of Docker's within the underlay, a second card, a service address, and a fan that is up. */
const busy = hostWith(
  ['docker0', '10.0.9.1/24'],
  ['eth1', '192.168.7.9/24'],
  ['lo', '10.0.0.99/32'],
  ['fan-250', '250.3.4.1/8'],
)
const withoutDefault: Observation = { ...busy, routes: [] }

describe('the underlay', () => {
  test.each([
    ['10.0.3.4/16', '10.0.3.4/16', 'the address itself'],
    ['10.0.9.1/16', '10.0.9.1/16', 'the address itself, whatever link it is on'],
    ['10.0.0.0/16', '10.0.3.4/16', 'the address where the default route goes, not that of a bridge beside it'],
    ['10.0.9.0/24', '10.0.9.1/24', 'the only address in the network, whatever link it is on'],
    ['192.168.0.0/16', '192.168.7.9/16', 'an address of a narrower network, with the length that was asked for'],
    ['eth1/24', '192.168.7.9/24', 'the address of a device'],
    ['default/16', '10.0.3.4/16', 'the address of the device where the default route goes'],
  ])('asked for as %s is %s: %s', (asked, found) => {
    expect(formatPrefix(resolve(asked, busy))).toBe(found)
  })

  test('is one address where a device has it twice', () => {
    expect(formatPrefix(resolve('eth0/16', hostWith(['eth0', '10.0.3.4/32'])))).toBe('10.0.3.4/16')
  })
})

describe('an underlay is refused', () => {
  const all = '10.0.3.4/16 (eth0), 10.0.9.1/24 (docker0), 192.168.7.9/24 (eth1)'
  const two = hostWith(['eth0', '10.0.3.5/16'])
  test.each([
    ["that is a fan's overlay", '250.0.0.0/8', busy, 'UNDERLAY_NOT_LOCAL', `its addresses: ${all}`],
    ["that is the address of a fan's bridge", '250.3.4.1/8', busy, 'UNDERLAY_NOT_LOCAL', `its addresses: ${all}`],
    ["that is a fan's bridge", 'fan-250/8', busy, 'DEVICE_WITHOUT_ADDRESS', 'wait for one'],
    ['that is a service address on loopback', '10.0.0.99/16', busy, 'UNDERLAY_NOT_LOCAL', `its addresses: ${all}`],
    ['that is loopback', 'lo/16', busy, 'DEVICE_WITHOUT_ADDRESS', 'wait for one'],
    ['that is not there', 'eth9/16', busy, 'DEVICE_NOT_FOUND', 'its devices: lo, eth0, docker0, eth1, fan-250'],
    ['with two addresses on a device', 'eth0/16', two, 'UNDERLAY_AMBIGUOUS', 'choose one: -u 10.0.3.4/16'],
    ['with two devices in a network', '10.0.0.0/16', withoutDefault, 'UNDERLAY_AMBIGUOUS', 'choose one: -u 10.0.3.4'],
    ['by default without a default route', 'default/16', withoutDefault, 'NO_DEFAULT_ROUTE', 'name the device'],
  ])('%s: %s', (_, asked, found, code, hint) => {
    expect(errorOf(() => resolve(asked, found))).toMatchObject({ code, hint: expect.stringContaining(hint) })
  })
})
