/** From a look to the numbers of the metrics. */
import { linksOf } from '../../core/fan.js'
import { dropsOf } from '../../core/firewall/table.js'
import { inOrder } from '../fan/desired.js'
import { seenIn } from '../fan/known.js'
import { portsOf } from '../fan/ports.js'
import { concerns, countsOf } from '../fan/show.js'
import type { Machine } from '../ports/machine.js'
import type { Look } from './keeper.js'
import type { Measured, Tally } from './metrics.js'

/** The fans as a look left them. */
export function measure(machine: Machine, { found, followed, left, broken }: Look): Measured[] {
  const { fans, stranded } = followed
  const all = inOrder([...fans, ...seenIn(broken)])
  const leases = machine.leases()
  return fans.map((fan) => ({
    fan,
    drift: left.filter((step) => concerns(step, fan, fans)).length,
    isStranded: stranded.some(({ bridge }) => bridge === fan.bridge),
    linksUp: found.links
      .filter(({ name, ours, up }) => ours && up && linksOf(fan).includes(name))
      .map(({ name }) => name),
    containers: portsOf(fan, found).length,
    leases: leases[fan.bridge] ?? 0,
    counts: countsOf(machine, fan, found),
    drops: found.firewall && dropsOf(fan, all, found.firewall),
  }))
}

/** Adds the attempts of a look to what was counted before. */
export function tally(before: readonly Tally[], { attempts }: Look): Tally[] {
  return attempts.reduce<Tally[]>(
    (all, { repair, problem }) => {
      const { kind, bridge = '' } = repair
      const result = problem ? 'failed' : 'repaired'
      const isSame = (one: Tally) => one.kind === kind && one.bridge === bridge && one.result === result
      const count = (all.find(isSame)?.count ?? 0) + 1
      return [...all.filter((one) => !isSame(one)), { bridge, kind, result, count }]
    },
    [...before],
  )
}
