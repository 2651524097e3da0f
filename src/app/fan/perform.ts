/** The frame of all that changes a host: root, the lock, a look, what is known of its fans, then the work itself. */
import type { Change } from '../../core/change.js'
import { FanError } from '../../core/errors.js'
import type { Fan } from '../../core/fan.js'
import { describe } from '../../core/objects/objects.js'
import type { Machine, Observation } from '../ports/machine.js'
import { actualOf, scopeOf } from './actual.js'
import { apply, tearDown } from './apply.js'
import { desiredFor, stepsTo } from './desired.js'
import { type BrokenFan, type Known, knowFans } from './known.js'
import { locked } from './locked.js'
import { byMark } from './marks.js'

/** What all jobs come to. */
interface Planned {
  readonly steps: readonly Change[]
}

/** Between which fans the steps of a job lead. */
export interface Transition {
  /** The host, with every link of these fans under the name that it should have. */
  readonly found: Observation
  readonly fans: readonly Fan[]
  readonly next: readonly Fan[]
  /** Those that stay as they are. */
  readonly broken: readonly BrokenFan[]
}

/** Changes nothing, and throws what stands in the way. `observed` is the host as others name it. */
type Prepare<Prepared> = (known: Known, observed: Observation) => Prepared | Promise<Prepared>

/** What a use case is, besides its frame. `action` is what root is needed for: `bring a fan up`. */
export type Job<Result extends Planned> =
  | {
      readonly action: string
      /** All of it or nothing, and then the plan is empty. */
      readonly do: 'apply'
      readonly prepare: Prepare<{ readonly result: Result; readonly transition: Transition }>
    }
  | {
      readonly action: string
      /** As much as can be done. A signal ends the wait for the lock only. */
      readonly do: 'tearDown'
      readonly prepare: Prepare<{ readonly result: Result }>
    }

/** Does a job. Throws NOT_ROOT, LOCKED, BUSY, INTERRUPTED, what its preparation throws, or what failed on the way. */
export async function perform<Result extends Planned>(
  machine: Machine,
  job: Job<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  const work = async (known: Known, observed: Observation) => {
    if (job.do === 'tearDown') {
      const { result } = await job.prepare(known, observed)
      await tearDown(machine, result.steps)
      return result
    }
    const { result, transition } = await job.prepare(known, observed)
    await change(machine, result.steps, transition, signal)
    return result
  }
  return await framed(machine, job.action, work, signal)
}

/** What `perform` would do. Throws every error that it would throw before its first step. */
export async function preview<Result extends Planned>(machine: Machine, job: Job<Result>): Promise<Result> {
  checkPrivileged(machine, "read this host's firewall")
  const observed = await machine.observe()
  const { result } = await job.prepare(knowFans(observed), observed)
  return result
}

/** Does work as root, with the lock, on a host that has been looked at. */
export async function framed<Result>(
  machine: Machine,
  action: string,
  work: (known: Known, observed: Observation) => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  checkPrivileged(machine, action)
  const look = async () => {
    const observed = await machine.observe()
    return await work(knowFans(observed), observed)
  }
  return await locked(machine, look, signal)
}

/** Throws NOT_ROOT. */
export function checkPrivileged({ privileged }: Pick<Machine, 'privileged'>, action: string): void {
  if (!privileged) throw new FanError('NOT_ROOT', { action })
}

async function change(
  machine: Machine,
  steps: readonly Change[],
  { found, fans, next, broken }: Transition,
  signal: AbortSignal | undefined,
): Promise<void> {
  const all = [...fans, ...next]
  const scope = scopeOf(all)
  const observe = async () => actualOf(byMark(await machine.observe(), all), scope, all)
  await apply(machine, { steps, before: actualOf(found, scope, fans), observe, signal })
  const left = steps.length > 0 ? stepsTo(desiredFor(next, found, broken), await observe(), broken) : []
  if (left.length > 0) throw new FanError('NOT_CONVERGED', { steps: left.flatMap(describe) })
}
