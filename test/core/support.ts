/** Short ways to write addresses, prefixes and fans in tests. What is wrong with them is a mistake of the test. */
import type { HostFacts } from '../../src/core/desired.js'
import { FanError } from '../../src/core/errors.js'
import type { Fan } from '../../src/core/fan.js'
import { fanMap } from '../../src/core/fan-map.js'
import { type Ipv4, type Prefix, parseAddress, parsePrefix } from '../../src/core/ipv4.js'
import { bridgeName } from '../../src/core/names.js'
import type { SteeringName } from '../../src/core/steerings/names.js'
import type { TypeName } from '../../src/core/types/types.js'

export function address(text: string): Ipv4 {
  const parsed = parseAddress(text)
  if (typeof parsed === 'string') throw new Error(`${text} is not an address: ${parsed}`)
  return parsed
}

export function prefix(text: string): Prefix {
  const parsed = parsePrefix(text)
  if (typeof parsed === 'string') throw new Error(`${text} is not a prefix: ${parsed}`)
  return parsed
}

/** A fan as a person would write it; the rest is as the command line has it by default. */
export interface FanText {
  readonly overlay?: string
  /** This host's address with the underlay's length. */
  readonly underlay?: string
  readonly type?: TypeName
  readonly steering?: SteeringName
  readonly bridge?: string
  readonly dhcp?: boolean
  readonly nat?: boolean
  readonly hostReserve?: number
  readonly mtu?: number
  readonly vni?: number
  readonly port?: number
}

export function fan(text: FanText = {}): Fan {
  const { overlay = '250.0.0.0/8', underlay = '10.0.3.4/16', type = 'ipip', ...rest } = text
  const host = prefix(underlay)
  return {
    ...fanMap(prefix(overlay), host),
    host: host.address,
    underlayReference: { kind: 'prefix', prefix: host },
    enable: false,
    bridge: bridgeName(prefix(overlay)),
    encapsulation: type,
    steering: 'ebpf',
    steeringReason: 'requested',
    dhcp: false,
    nat: true,
    hostReserve: 1,
    ...rest,
  }
}

/** A host with IPv6 and nftables whose underlay links all have one MTU. */
export function factsFor(fans: readonly Fan[], mtu = 1500): HostFacts {
  return { ipv6: true, firewall: true, cards: {}, underlayMtus: Object.fromEntries(fans.map((one) => [one.host, mtu])) }
}

/** The error that a call ends with. */
export function errorOf(call: () => unknown): FanError {
  try {
    call()
  } catch (error) {
    if (error instanceof FanError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
