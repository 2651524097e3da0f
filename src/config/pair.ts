/** Which of two networks is the overlay: ubuntu-fan 0.3 writes it first, 0.9 second. */
import { FanError } from '../core/errors.js'
import type { UnderlayReference } from '../core/fan.js'
import { formatPrefix, type Prefix } from '../core/ipv4.js'
import { checkPlace, type FanPlace } from './request.js'
import { isOctet, readOverlay, readUnderlay } from './values.js'

export interface FanPair extends FanPlace {
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
  if (backward) return { overlay: readOverlay('the overlay', second), underlay: underlayOf(first), overlayFirst: false }
  return { overlay: readOverlay('the overlay', first), underlay: underlayOf(second), overlayFirst: true }
}

function underlayOf(text: string): UnderlayReference {
  return readUnderlay('the underlay', text)
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
  const readings = [place(one, two), place(two, one)].map((each) => ({ ...each, problem: problemOf(each) }))
  const [chosen] = overlayFirst ? readings : readings.slice(1)
  if (chosen && !(chosen.problem && isAboutOrder(chosen.problem))) {
    if (chosen.problem) throw chosen.problem
    return { overlay: chosen.overlay, underlay: chosen.underlay, overlayFirst }
  }
  throw new FanError('FAN_UNCLEAR', {
    first,
    second,
    readings: readings.map(
      ({ overlay, problem }) => `With ${formatPrefix(overlay)} as the overlay: ${problem?.message}; ${problem?.hint}`,
    ),
  })
}

function place(overlay: Prefix, underlay: Prefix): FanPlace {
  return { overlay, underlay: { kind: 'prefix', prefix: underlay } }
}

function problemOf(place: FanPlace): FanError | undefined {
  try {
    checkPlace(place)
    return undefined
  } catch (error) {
    if (error instanceof FanError) return error
    throw error
  }
}

/** Host bits in the wider network: perhaps the lengths were swapped, or the networks. */
function isAboutOrder(problem: FanError): boolean {
  return problem.code === 'OVERLAY_NOT_WIDER' || problem.code === 'OVERLAY_HOST_BITS'
}
