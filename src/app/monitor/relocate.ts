/** Where each fan belongs by now: the underlay address of a host can change while its fans are up. */
import { FanError } from '../../core/errors.js'
import type { Fan } from '../../core/fan.js'
import type { Prefix } from '../../core/ipv4.js'
import { makeFan } from '../../core/make-fan.js'
import { fanNetworks } from '../../core/networks.js'
import type { Move } from '../../core/repair/move.js'
import { checkConflicts } from '../fan/conflicts.js'
import { resolveUnderlay } from '../fan/underlay.js'
import type { Observation } from '../ports/machine.js'

/** A fan that stays as it is, because it cannot be where it should. */
export interface Stranded {
  readonly bridge: string
  readonly problem: FanError
}

export interface Relocation {
  /** All fans, each over the address that its host has now, or had last. */
  readonly fans: readonly Fan[]
  readonly moves: readonly Move[]
  readonly stranded: readonly Stranded[]
}

/**
 * Looks each fan's underlay up again, as it was asked for. What stands in the way of one fan is told, not thrown. `others`
 * stay where they are.
 */
export function relocate(fans: readonly Fan[], found: Observation, others: readonly Fan[] = []): Relocation {
  const moves: Move[] = []
  const stranded: Stranded[] = []
  const relocated = fans.map((fan) => {
    try {
      const next = relocateOne(fan, [...fans, ...others], found)
      if (next !== fan) moves.push({ from: fan, to: next })
      return next
    } catch (problem) {
      if (!(problem instanceof FanError)) throw problem
      stranded.push({ bridge: fan.bridge, problem })
      return fan
    }
  })
  return { fans: relocated, moves, stranded }
}

function relocateOne(fan: Fan, fans: readonly Fan[], found: Observation): Fan {
  const host = currentHost(fan, found)
  if (host.address === fan.host) return fan
  const next = makeFan(fanNetworks({ overlay: fan.overlay, underlay: fan.underlayReference }), fan, host)
  checkConflicts(
    next,
    fans.filter((other) => other.bridge !== fan.bridge),
    found,
  )
  return next
}

/** A renewed lease can add the new address before the old one goes: as long as there are both, nothing changes. */
function currentHost(fan: Fan, found: Observation): Prefix {
  const current: Prefix = { address: fan.host, length: fan.underlay.length }
  try {
    return resolveUnderlay(fan.underlayReference, found)
  } catch (problem) {
    const isThere = found.addresses.some(({ prefix }) => prefix.address === fan.host)
    if (problem instanceof FanError && problem.code === 'UNDERLAY_AMBIGUOUS' && isThere) return current
    throw problem
  }
}
