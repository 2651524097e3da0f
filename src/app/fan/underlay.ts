/** From "the underlay is on eth0" to the one address that this host has on it. */
import { FanError } from '../../core/errors.js'
import type { UnderlayReference } from '../../core/fan.js'
import {
  contains,
  formatAddress,
  formatPrefix,
  hasHostBits,
  type Ipv4,
  type Prefix,
  samePrefix,
} from '../../core/ipv4.js'
import type { Address } from '../../core/state.js'
import type { Observation } from '../ports/machine.js'

/**
 * This host's address on the underlay, with the underlay's length. Throws UNDERLAY_NOT_LOCAL, UNDERLAY_AMBIGUOUS,
 * DEVICE_NOT_FOUND, DEVICE_WITHOUT_ADDRESS or NO_DEFAULT_ROUTE.
 */
export function resolveUnderlay(reference: UnderlayReference, found: Observation): Prefix {
  if (reference.kind === 'prefix') return resolvePrefix(reference.prefix, found)
  const device = reference.kind === 'default' ? defaultDevice(found) : reference.device
  return resolveDevice(device, reference.length, found)
}

/** Loopback carries service addresses that are not reachable as the host, and fans' own bridges are no underlay. */
function candidates(found: Observation): Address[] {
  const passedOver = new Set(found.links.filter((link) => link.ours || link.name === 'lo').map((link) => link.name))
  return found.addresses.filter((address) => !passedOver.has(address.link))
}

function resolvePrefix(prefix: Prefix, found: Observation): Prefix {
  const all = candidates(found)
  const matching = hasHostBits(prefix)
    ? all.filter((one) => one.prefix.address === prefix.address)
    : preferDefaultDevice(
        all.filter((one) => contains(prefix, one.prefix.address)),
        found,
      )
  return onlyOne(matching, prefix.length, hasHostBits(prefix) ? prefix.address : prefix, all)
}

function resolveDevice(device: string, length: number, found: Observation): Prefix {
  if (!found.links.some((link) => link.name === device))
    throw new FanError('DEVICE_NOT_FOUND', { device, devices: found.links.map(({ name }) => name) })
  const own = candidates(found).filter((one) => one.link === device)
  if (own.length === 0) throw new FanError('DEVICE_WITHOUT_ADDRESS', { device })
  return onlyOne(own, length, device, own)
}

/** Bridges of LXC, Docker and others may lie within the underlay; the host's own address is where its traffic goes. */
function preferDefaultDevice(matching: readonly Address[], found: Observation): readonly Address[] {
  if (matching.length < 2) return matching
  const device = defaultRoute(found)?.link
  const onDefault = matching.filter((one) => one.link === device)
  return onDefault.length > 0 ? onDefault : matching
}

/** `asked` is an address, a network or a device. */
function onlyOne(
  matching: readonly Address[],
  length: number,
  asked: Ipv4 | Prefix | string,
  all: readonly Address[],
): Prefix {
  const hosts = matching.map((one): Prefix => ({ address: one.prefix.address, length }))
  const different = hosts.filter((host, index) => hosts.findIndex((other) => samePrefix(other, host)) === index)
  const [only, second] = different
  const underlay = textOf(asked)
  if (!only)
    throw new FanError('UNDERLAY_NOT_LOCAL', {
      underlay,
      isNetwork: typeof asked === 'object',
      addresses: all.map((one) => `${formatPrefix(one.prefix)} (${one.link})`),
    })
  if (second) throw new FanError('UNDERLAY_AMBIGUOUS', { underlay, addresses: different.map(formatPrefix) })
  return only
}

function textOf(asked: Ipv4 | Prefix | string): string {
  if (typeof asked === 'object') return formatPrefix(asked)
  return typeof asked === 'number' ? formatAddress(asked) : asked
}

function defaultDevice(found: Observation): string {
  const route = defaultRoute(found)
  if (!route?.link) throw new FanError('NO_DEFAULT_ROUTE', {})
  return route.link
}

function defaultRoute(found: Observation) {
  return found.routes.find((route) => route.prefix.length === 0)
}
