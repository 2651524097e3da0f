/** The tc filters that carry the steering programs of a fan. */
import { sha256Of } from '../digest.js'
import { type Fan, tunnelOf } from '../fan.js'
import type { Filter } from '../state.js'
import { assemble, type Line } from './assembler.js'
import { formatLines } from './listing.js'
import { egressProgram, guardProgram, ingressProgram } from './programs.js'

/** tc asks filters with a lower preference first. The guard comes after every fan. */
const preferences = { fan: 1, guard: 2 } as const

/** Both directions of one fan. The overlay's address is the handle: no two fans of a host share it. */
export function filtersOf(fan: Fan): readonly Filter[] {
  const common = { link: tunnelOf(fan), preference: preferences.fan, handle: fan.overlay.address }
  return [
    { ...common, direction: 'egress', ...programOf('out', egressProgram(fan)) },
    { ...common, direction: 'ingress', ...programOf('in', ingressProgram(fan)) },
  ]
}

/** The last filter of a tunnel that several fans share. */
export function guardOf(link: string): Filter {
  return {
    link,
    direction: 'ingress',
    preference: preferences.guard,
    handle: 1,
    ...programOf('guard', guardProgram()),
  }
}

/**
 * A program and its name, which carries a digest of the program: what runs in the kernel tells by its name whether it
 * is the one wanted. The kernel allows 15 letters, digits and "_" (BPF_OBJ_NAME_LEN).
 */
function programOf(role: string, lines: readonly Line[]): Pick<Filter, 'name' | 'program'> {
  const text = formatLines(lines)
  return { name: `fan_${role}_${sha256Of(text)}`.slice(0, 15), program: { text, instructions: assemble(lines) } }
}
