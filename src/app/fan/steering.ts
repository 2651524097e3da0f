/** Who steers a fan on this host: what was asked for, or the first that works here. */
import { tunnelsOf } from '../../core/desired-links.js'
import { FanError } from '../../core/errors.js'
import { type Fan, longestReason } from '../../core/fan.js'
import { oneLine } from '../../core/printable.js'
import type { SteeringName } from '../../core/steerings/names.js'
import { steeringOf, steerings, steeringsOf } from '../../core/steerings/steerings.js'
import type { Machine, Observation } from '../ports/machine.js'

type Unsteered = Omit<Fan, 'steering' | 'steeringReason'>

export interface Choice {
  readonly fan: Fan
  readonly warnings: readonly string[]
}

/**
 * The fan with its steering and the reason for it. What is asked for by name is not tried first, unless the kernel would not
 * say that it cannot do it; `makeFan` has checked it against the map. Throws STEERING_UNAVAILABLE.
 */
export async function chooseSteering(
  machine: Machine,
  fan: Unsteered,
  asked: SteeringName | 'auto',
  found: Observation,
): Promise<Choice> {
  if (asked !== 'auto' && !steerings[asked].isSilent)
    return { fan: { ...fan, steering: asked, steeringReason: 'requested' }, warnings: [] }
  const problems: string[] = []
  for (const steering of [...new Set([...(asked === 'auto' ? [] : [asked]), ...steeringsOf(fan.encapsulation)])]) {
    const candidate: Fan = { ...fan, steering, steeringReason: '' }
    const problem = await problemWith(machine, candidate, found)
    if (problem === undefined) {
      const steeringReason = reasonOf(asked === steering ? 'requested' : 'the first that works here', problems)
      const warnings =
        asked === 'auto' || asked === steering
          ? []
          : [`${asked} steering does not work on this host; using ${steering} instead (${problems.join('; ')})`]
      return { fan: { ...candidate, steeringReason }, warnings }
    }
    problems.push(`${steering}: ${problem}`)
  }
  throw new FanError('STEERING_UNAVAILABLE', { problems })
}

/** One line, whatever the kernel's words are: it goes into a file. */
function reasonOf(choice: string, problems: readonly string[]): string {
  return oneLine([choice, ...problems].join('; ')).slice(0, longestReason)
}

/** Why a fan cannot be steered so here, in the same words each time: the reason is part of its record. */
async function problemWith(machine: Machine, fan: Fan, found: Observation): Promise<string | undefined> {
  const steering = steeringOf(fan)
  const limit = steering.limit(fan)
  if (limit) return limit.words
  const [tunnel] = tunnelsOf([fan], { underlayMtus: { [fan.host]: 1500 }, ipv6: false })
  const trial = steering.trial(fan, tunnel)
  if (!trial || (trial.kind === 'filters' && trial.filters.every(({ name }) => isThere(name)))) return undefined
  return await machine.problemWith(trial)

  // Programs that run already need not be tried.
  function isThere(name: string): boolean {
    return found.filters.some((filter) => filter.name === name)
  }
}
