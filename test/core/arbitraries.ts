/** Any valid fan map, host and fan, for properties. */
import fc from 'fast-check'
import type { Fan, UnderlayReference } from '../../src/core/fan.js'
import { type FanMap, fanMap, hostsOf, largestReserveOf, sliceOf } from '../../src/core/fan-map.js'
import { type Ipv4, ipv4, networkOf, overlaps, type Prefix, sizeOf } from '../../src/core/ipv4.js'
import { bridgeName } from '../../src/core/names.js'
import type { SteeringName } from '../../src/core/steerings/names.js'
import { prefix } from './support.js'

/** Any address: addresses above 127.255.255.255 are half of them, as they break signed arithmetic. */
export const anyAddress: fc.Arbitrary<Ipv4> = fc.integer({ min: 0, max: 2 ** 32 - 1 }).map(ipv4)

const reserved = ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/4'].map(prefix)

/** No overlay shorter than /2 is free of reserved networks, and a slice is a /30 at the narrowest. */
export const anyMap: fc.Arbitrary<FanMap> = fc
  .tuple(fc.integer({ min: 2, max: 30 }), fc.integer({ min: 2, max: 30 }), anyAddress, anyAddress)
  .map(([overlayLength, more, overlayBits, underlayBits]) => {
    const underlayLength = Math.min(overlayLength + more, 32)
    return {
      overlay: networkOf({ address: overlayBits, length: overlayLength }),
      underlay: networkOf({ address: underlayBits, length: underlayLength }),
    }
  })
  .filter(({ overlay, underlay }) => [...reserved, underlay].every((other) => !overlaps(overlay, other)))
  .map(({ overlay, underlay }) => fanMap(overlay, underlay))

/** Any address of a network; its first and last are as likely as all others together. */
export function anyAddressOf(network: Prefix): fc.Arbitrary<Ipv4> {
  const last = sizeOf(network.length) - 1
  return fc
    .oneof(fc.constantFrom(0, last), fc.integer({ min: 0, max: last }))
    .map((offset) => ipv4(network.address + offset))
}

/** Any host of a map that a machine can be: not the underlay's network or broadcast address. */
export function anyHostOf(map: FanMap): fc.Arbitrary<Ipv4> {
  const hosts = hostsOf(map)
  const range = hosts >= 4 ? { min: 1, max: hosts - 2 } : { min: 0, max: hosts - 1 }
  return fc.integer(range).map((hostPart) => ipv4(map.underlay.address + hostPart))
}

export const anyFan: fc.Arbitrary<Fan> = anyMap
  .chain((map) => fc.tuple(fc.constant(map), anyHostOf(map)))
  .chain(([map, host]) => {
    const common = {
      overlay: fc.constant(map.overlay),
      underlay: fc.constant(map.underlay),
      host: fc.constant(host),
      underlayReference: fc.constantFrom<UnderlayReference>(
        { kind: 'prefix', prefix: { address: host, length: map.underlay.length } },
        { kind: 'device', device: 'eth0', length: map.underlay.length },
        { kind: 'default', length: map.underlay.length },
      ),
      enable: fc.boolean(),
      bridge: fc.constant(bridgeName(map.overlay)),
      // A route for each host takes time where there are many.
      steering: fc.constantFrom<SteeringName>('ebpf', 'fan-map', ...(hostsOf(map) <= 32 ? (['routes'] as const) : [])),
      steeringReason: fc.constant('requested'),
      dhcp: fc.boolean(),
      nat: fc.boolean(),
      hostReserve: fc.integer({ min: 1, max: largestReserveOf(sliceOf(map, host)) }),
      mtu: fc.integer({ min: 576, max: 1450 }),
    }
    const vxlan = { vni: fc.integer({ min: 1, max: 2 ** 24 - 1 }), port: fc.integer({ min: 1, max: 65_535 }) }
    const always = [
      'overlay',
      'underlay',
      'host',
      'underlayReference',
      'enable',
      'bridge',
      'steering',
      'steeringReason',
      'dhcp',
      'nat',
      'hostReserve',
    ] as const
    return fc.oneof(
      fc.record(
        { ...common, encapsulation: fc.constant('ipip' as const) },
        { requiredKeys: [...always, 'encapsulation'] },
      ),
      fc.record(
        { ...common, ...vxlan, encapsulation: fc.constant('vxlan' as const) },
        { requiredKeys: [...always, 'encapsulation'] },
      ),
    )
  })

/** One to three fans that one host can run: their overlays are disjoint. */
export const anyFans: fc.Arbitrary<Fan[]> = fc.uniqueArray(anyFan, {
  minLength: 1,
  maxLength: 3,
  comparator: (a, b) => overlaps(a.overlay, b.overlay),
})
