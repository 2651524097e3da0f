/** Which of two networks is the overlay: ubuntu-fan 0.3 writes it first, 0.9 second. */
import { FanError } from '../core/errors.js'
import { formatPrefix, type Prefix } from '../core/ipv4.js'
import { type FanNetworks, fanNetworks } from '../core/networks.js'
import { isOctet, readOverlay, readUnderlay } from './values.js'

export interface FanPair extends FanNetworks {
  readonly overlayFirst: boolean
}

/**
 * The shorter prefix is the overlay, since an overlay is always wider; a device or a bare address is an underlay, a
 * number alone an overlay. Throws what is wrong with the texts or the map, and FAN_UNCLEAR with both readings where
 * neither order makes a fan.
 */
export function readPair(first: string, second: string): FanPair {
  const forward = canBeOverlay(first) && canBeUnderlay(second)
  const backward = canBeOverlay(second) && canBeUnderlay(first)
  if (forward && backward) return readByLength(first, second)
  return backward ? readAs(second, first, false) : readAs(first, second, true)
}

function readAs(overlay: string, underlay: string, overlayFirst: boolean): FanPair {
  const named = { overlay: readOverlay('the overlay', overlay), underlay: readUnderlay('the underlay', underlay) }
  return { ...fanNetworks(named), overlayFirst }
}

/** A network with its length, or a number alone. Whether it is a right one is said later. */
function canBeOverlay(text: string): boolean {
  return isOctet(text) || /^[\d.]+\/\d+$/.test(text)
}

function canBeUnderlay(text: string): boolean {
  return !isOctet(text)
}

function readByLength(first: string, second: string): FanPair {
  const [one, two] = [readOverlay('the first network', first), readOverlay('the second network', second)]
  const overlayFirst = one.length < two.length
  const readings = [reading(one, two), reading(two, one)]
  const [chosen] = overlayFirst ? readings : readings.slice(1)
  if (chosen?.networks) return { ...chosen.networks, overlayFirst }
  if (chosen?.problem && !isAboutOrder(chosen.problem)) throw chosen.problem
  throw new FanError('FAN_UNCLEAR', {
    first,
    second,
    readings: readings.map(
      ({ overlay, problem }) => `With ${formatPrefix(overlay)} as the overlay: ${problem?.message}; ${problem?.hint}`,
    ),
  })
}

interface Reading {
  readonly overlay: Prefix
  readonly underlay: Prefix
  /** Either these or a problem. */
  readonly networks?: FanNetworks
  readonly problem?: FanError
}

function reading(overlay: Prefix, underlay: Prefix): Reading {
  try {
    return { overlay, underlay, networks: fanNetworks({ overlay, underlay: { kind: 'prefix', prefix: underlay } }) }
  } catch (problem) {
    if (problem instanceof FanError) return { overlay, underlay, problem }
    throw problem
  }
}

/** Host bits in the wider network: perhaps the lengths were swapped, or the networks. */
function isAboutOrder(problem: FanError): boolean {
  return problem.code === 'OVERLAY_NOT_WIDER' || problem.code === 'OVERLAY_HOST_BITS'
}
