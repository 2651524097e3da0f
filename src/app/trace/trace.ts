/** `fanctl trace`: the way of a packet to one address, and where it stops. Changes nothing. */
import type { Ipv4 } from '../../core/ipv4.js'
import { knowFans } from '../fan/known.js'
import { unseenBy } from '../fan/show.js'
import type { Lookups } from '../ports/lookups.js'
import type { Machine } from '../ports/machine.js'
import { type Findings, follow } from './follow.js'
import { type Place, placeOf } from './place.js'
import { type Probed, type ProbeOptions, Prober } from './prober.js'
import { type StageName, stopOf } from './stages.js'

export interface Trace extends Findings {
  readonly place: Place
  readonly stopsAt: StageName | undefined
  /** Nothing stops a packet, and the address answers if it was to be asked. */
  readonly complete: boolean
  readonly probes: readonly Probed[]
  readonly warnings: readonly string[]
}

/** Follows a packet for an address as far as this host can see. Needs no root. */
export async function trace(machine: Machine, lookups: Lookups, address: Ipv4, options: ProbeOptions): Promise<Trace> {
  const { found, fans, broken } = knowFans(await machine.observe())
  const sources = { machine, lookups, found, fans, prober: new Prober(lookups, options) }
  const place = placeOf(address, fans)
  const findings = await follow(sources, place)
  const { problem, done } = sources.prober
  const stopsAt = stopOf(findings.stages)
  return {
    place,
    ...findings,
    stopsAt,
    complete: stopsAt === undefined && (findings.answers === true || !options.probe),
    probes: done,
    warnings: [
      ...unseenBy(machine),
      ...broken.map((one) => `the fan on ${one.bridge} is ignored: ${one.problem.message}`),
      ...(problem ? [`no probes were sent: ${problem.message}${problem.hint ? `; ${problem.hint}` : ''}`] : []),
    ],
  }
}
