/** All steerings. A new one is a file beside this, a name, a line here, and a layout in each type that has it. */
import { FanError } from '../errors.js'
import type { Fan } from '../fan.js'
import type { FanMap } from '../fan-map.js'
import { type TypeName, types } from '../types/types.js'
import { ebpf } from './ebpf.js'
import { fanMap } from './fan-map.js'
import { type SteeringName, steeringNames } from './names.js'
import { routes } from './routes.js'
import type { Steering } from './steering.js'

export const steerings: Readonly<Record<SteeringName, Steering>> = { ebpf, 'fan-map': fanMap, routes }

export function steeringOf({ steering }: Pick<Fan, 'steering'>): Steering {
  return steerings[steering]
}

/** Those that a type has, in the order in which they are preferred. */
export function steeringsOf(type: TypeName): SteeringName[] {
  return steeringNames.filter((name) => types[type].steerings[name] !== undefined)
}

/**
 * Whether fans of a type can be steered as asked, whatever the host. Without a map its size is not looked at.
 * Throws CHOICE_INVALID or ROUTES_TOO_MANY.
 */
export function checkSteering(asked: SteeringName | 'auto', type: TypeName, map?: FanMap): void {
  if (asked === 'auto') return
  const choices = steeringsOf(type)
  if (!choices.includes(asked))
    throw new FanError('CHOICE_INVALID', { option: `--steering of ${type}`, text: asked, choices })
  const limit = map && steerings[asked].limit(map)
  if (limit) throw limit.error
}
