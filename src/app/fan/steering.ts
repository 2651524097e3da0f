/** Who steers a fan on this host: what was asked for, or the first that works here. */
import { tunnelsOf } from '../../core/desired-links.js'
import { FanError } from '../../core/errors.js'
import { type Fan, longestReason, type Steering, steerings } from '../../core/fan.js'
import { oneLine } from '../../core/printable.js'
import { checkRoutable, machinesOf, mostRoutedHosts } from '../../core/routes.js'
import { filtersOf } from '../../core/steering/filters.js'
import type { Machine, Observation } from '../ports/machine.js'

type Unsteered = Omit<Fan, 'steering' | 'steeringReason'>

export interface Choice {
  readonly fan: Fan
  readonly warnings: readonly string[]
}

/**
 * The fan with its steering and the reason for it. What is asked for by name is not tried first, but for fan-map: what
 * is no fan kernel ignores a map in silence. Throws ROUTES_TOO_MANY or STEERING_UNAVAILABLE.
 */
export async function chooseSteering(
  machine: Machine,
  fan: Unsteered,
  asked: Steering | 'auto',
  found: Observation,
): Promise<Choice> {
  if (asked === 'routes') checkRoutable(fan)
  if (asked === 'ebpf' || asked === 'routes')
    return { fan: { ...fan, steering: asked, steeringReason: 'requested' }, warnings: [] }
  const problems: string[] = []
  for (const steering of [...new Set([...(asked === 'auto' ? [] : [asked]), ...steerings])]) {
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
  switch (fan.steering) {
    case 'ebpf': {
      const filters = filtersOf(fan)
      const isThere = (name: string) => found.filters.some((filter) => filter.name === name)
      return filters.every(({ name }) => isThere(name))
        ? undefined
        : await machine.problemWith({ kind: 'filters', filters })
    }
    case 'fan-map': {
      const [link] = tunnelsOf([fan], { underlayMtus: { [fan.host]: 1500 }, ipv6: false })
      return link && (await machine.problemWith({ kind: 'fan-map', link }))
    }
    case 'routes': {
      const hosts = machinesOf(fan)
      return hosts > mostRoutedHosts
        ? `the underlay has room for ${hosts} hosts; the limit is ${mostRoutedHosts}`
        : undefined
    }
    default:
      return fan.steering satisfies never
  }
}
