/** Who is on the bridge of a fan. */
import type { Fan } from '../../core/fan.js'
import type { Observation } from '../ports/machine.js'
import { bridgesOf } from './marks.js'

/** The links on a fan's bridge that fanctl did not make: its containers. */
export function portsOf(fan: Pick<Fan, 'bridge'>, found: Observation): string[] {
  const bridges = bridgesOf(fan, found)
  return found.links.filter((link) => bridges.includes(link.bridge ?? '') && !link.ours).map(({ name }) => name)
}
