/** The tc filters that carry the steering programs of a fan. */
import { sha256Of } from '../digest.js'
import type { FanMap, HostMap } from '../fan-map.js'
import type { Filter } from '../state.js'
import { assemble, type Line } from './assembler.js'
import type { Carrier } from './carrier.js'
import { formatLines } from './listing.js'
import { egressProgram, guardProgram, ingressProgram } from './programs.js'

/** tc asks filters with a lower preference first. The guard comes after every fan. */
const preferences = { fan: 1, guard: 2 } as const

/** Both directions of one fan on a tunnel. The overlay's address is the handle: no two fans of a host share it. */
export function tunnelFilters(fan: HostMap, link: string, carrier: Carrier): readonly Filter[] {
  const common = { link, preference: preferences.fan, handle: fan.overlay.address }
  return [
    { ...common, direction: 'egress', ...programOf('out', egressProgram(fan, carrier)) },
    { ...common, direction: 'ingress', ...programOf('in', ingressProgram(fan, carrier)) },
  ]
}

/** The last filter of a tunnel that several fans share. */
export function guardOf(link: string): Filter {
  return {
    link,
    direction: 'ingress',
    preference: preferences.guard,
    handle: 1,
    ...programOf(guard, guardProgram()),
  }
}

/** How the names of programs begin, and after that the one of a guard. */
const start = 'fan_'
const guard = 'guard'

/** Whether fanctl made a filter, whatever link it is on. */
export function isOurs({ name }: Pick<Filter, 'name'>): boolean {
  return name.startsWith(start)
}

/** Whether a filter is the last one of a shared tunnel. */
export function isGuard({ name }: Pick<Filter, 'name'>): boolean {
  return name.startsWith(`${start}${guard}_`)
}

/** Whether a filter of ours steers this fan, and not another one on the same tunnel. */
export function belongsTo({ handle }: Pick<Filter, 'handle'>, { overlay }: Pick<FanMap, 'overlay'>): boolean {
  return handle === overlay.address
}

/**
 * A program and its name, which carries a digest of the program: what runs in the kernel tells by its name whether it
 * is the one wanted. The kernel allows 15 letters, digits and "_" (BPF_OBJ_NAME_LEN).
 */
function programOf(role: string, lines: readonly Line[]): Pick<Filter, 'name' | 'program'> {
  const text = formatLines(lines)
  return { name: `${start}${role}_${sha256Of(text)}`.slice(0, 15), program: { text, instructions: assemble(lines) } }
}
