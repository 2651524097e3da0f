/** One look at the host, and what has to be mended is mended: the heart of `fanctl monitor`. */
import type { Change } from '../../core/change.js'
import { FanError } from '../../core/errors.js'
import type { Fan } from '../../core/fan.js'
import { describe } from '../../core/objects/objects.js'
import { BackOff, delayAfter } from '../../core/repair/back-off.js'
import type { Move } from '../../core/repair/move.js'
import { type Repair, repairsIn } from '../../core/repair/repairs.js'
import type { State } from '../../core/state.js'
import { actualOf, scopeOf } from '../fan/actual.js'
import { apply } from '../fan/apply.js'
import { checkNames } from '../fan/conflicts.js'
import { desiredFor, stepsTo } from '../fan/desired.js'
import { type BrokenFan, type Known, seenIn } from '../fan/known.js'
import { byMark } from '../fan/marks.js'
import { framed } from '../fan/perform.js'
import type { Machine, Observation } from '../ports/machine.js'
import { PortMemory } from './ports.js'
import { type Relocation, relocate } from './relocate.js'

/** A repair that was tried. */
export interface Attempt {
  readonly repair: Repair
  /** Which one it is in short order: 1 for the first. */
  readonly count: number
  /** Undefined: it worked. */
  readonly problem: Error | undefined
  /** Milliseconds until the same thing may be mended again. */
  readonly pause: number
}

export interface Look {
  readonly found: Observation
  /** The fans that cannot be kept. */
  readonly broken: readonly BrokenFan[]
  readonly followed: Relocation
  readonly attempts: readonly Attempt[]
  /** What is still to do, now that all was tried. */
  readonly left: readonly Change[]
  /** Milliseconds until something that had to wait may be tried; undefined: nothing had to. */
  readonly retryIn: number | undefined
}

/** What root is needed for. */
export const action = "repair this host's fans"

export class Keeper {
  readonly #host: Machine
  readonly #backOff = new BackOff()
  readonly #ports = new PortMemory()

  constructor(machine: Machine) {
    this.#host = machine
  }

  /** Lets everything be tried at once again. */
  forget(): void {
    this.#backOff.forget()
  }

  /**
   * Looks at everything, and mends what differs. What cannot be mended is told, not thrown.
   * Throws NOT_ROOT, BUSY, INTERRUPTED, or that the host cannot be looked at.
   */
  async look(signal?: AbortSignal): Promise<Look> {
    return await framed(this.#host, action, (known) => this.#look(known), signal)
  }

  async #look(known: Known): Promise<Look> {
    const { found, ...view } = viewOf(known)
    const { followed, broken } = view
    this.#ports.see(view.fans, found)
    const steps = [...stepsIn(view, found), ...this.#ports.reattach(view.fans, found)]
    const repairs = repairsIn(steps, view.moves)
    const waits = repairs.map(({ thing }) => this.#backOff.wait(thing, performance.now()))
    const due = repairs.filter((_, index) => waits[index] === 0)
    if (due.length === 0) return { found, followed, broken, attempts: [], left: steps, retryIn: least(waits) }
    return await this.#mend(due, view, waits, found)
  }

  async #mend(due: readonly Repair[], view: View, waits: readonly number[], before: Observation): Promise<Look> {
    const problems: (Error | undefined)[] = []
    for (const [index, repair] of due.entries())
      problems.push(await this.#attempt(repair, view, index === 0 ? before : await this.#observe(view)))
    const found = await this.#observe(view)
    const left = stepsIn({ ...view, moves: [] }, found)
    const things = new Map(repairsIn(left).map(({ thing, steps }) => [thing, steps]))
    const attempts = due.map((repair, index): Attempt => {
      const undone = things.get(repair.thing)
      const problem = problems[index] ?? (undone && new FanError('NOT_CONVERGED', { steps: undone.flatMap(describe) }))
      const count = this.#backOff.attempted(repair.thing, performance.now(), problem === undefined)
      return { repair, count, problem, pause: delayAfter(count) }
    })
    const failed = attempts.filter(({ problem }) => problem !== undefined)
    return {
      found,
      followed: view.followed,
      broken: view.broken,
      attempts,
      left,
      retryIn: least([...waits, ...failed.map(({ pause }) => pause)]),
    }
  }

  async #observe({ fans, recorded, broken }: View): Promise<Observation> {
    return byMark(await this.#host.observe(), [...recorded, ...fans, ...seenIn(broken)])
  }

  /** Does all of a repair, or nothing of it, and returns what went wrong. */
  async #attempt({ steps }: Repair, view: View, found: Observation): Promise<Error | undefined> {
    try {
      checkNames(
        steps.flatMap(({ object, after }) => (object === 'link' ? (after?.name ?? []) : [])),
        found,
        view.fans,
      )
      const observe = async () => actualIn(view, await this.#observe(view))
      await apply(this.#host, { steps, before: actualIn(view, found), observe })
      return undefined
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error))
    }
  }
}

interface View {
  readonly followed: Relocation
  /** As they should be. */
  readonly fans: readonly Fan[]
  /** As they are recorded. */
  readonly recorded: readonly Fan[]
  readonly moves: readonly Move[]
  readonly broken: readonly BrokenFan[]
}

function viewOf({ found, fans: recorded, broken }: Known): View & { found: Observation } {
  const followed = relocate(recorded, found, seenIn(broken))
  return { found, followed, fans: followed.fans, recorded, moves: followed.moves, broken }
}

/** Without any fan there is nothing to keep: what is left of the last one is for `down`. */
function stepsIn(view: View, found: Observation): Change[] {
  const { fans, broken } = view
  return fans.length === 0 ? [] : stepsTo(desiredFor(fans, found, broken), actualIn(view, found), broken)
}

function actualIn({ fans, recorded, broken }: View, found: Observation): State {
  const all = [...recorded, ...fans, ...seenIn(broken)]
  return actualOf(found, scopeOf(all), all)
}

function least(waits: readonly number[]): number | undefined {
  const some = waits.filter((wait) => wait > 0)
  return some.length > 0 ? Math.min(...some) : undefined
}
