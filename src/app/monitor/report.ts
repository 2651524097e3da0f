/** What the monitor says: a line for each thing that it did or could not do, and for none of them twice. */
import type { Change } from '../../core/change.js'
import { FanError } from '../../core/errors.js'
import { hostTextOf } from '../../core/fan.js'
import type { RepairKind } from '../../core/objects/object.js'
import { longestDelay } from '../../core/repair/back-off.js'
import type { Attempt, Look } from './keeper.js'
import type { Stranded } from './relocate.js'

export const levels = ['info', 'warning', 'error'] as const
export const eventNames = [
  'started',
  'repaired',
  'failed',
  'stranded',
  'recovered',
  'waiting',
  'arrived',
  'stopped',
] as const
type EventName = (typeof eventNames)[number]

/** What there is to say of one thing that has happened: a line. */
export interface Event {
  readonly level: (typeof levels)[number]
  readonly event: EventName
  /** Undefined: it is about the whole host. */
  readonly bridge: string | undefined
  /** What kind of thing was mended, if one was. */
  readonly kind?: RepairKind
  readonly message: string
  /** What was done. */
  readonly steps: readonly Change[]
}

/** Somebody seems to take a thing away again and again once it was mended so many times. */
const tellingCount = 4

interface Trouble {
  /** The error's code, or its text where it has none. */
  readonly key: string
  readonly since: number
  readonly isTold: boolean
}

export class Reporter {
  /** Milliseconds that a fan may be without its address before that is told: a new one often follows at once. */
  readonly #grace: number
  /** By bridge. */
  #stranded = new Map<string, Trouble>()
  /** Why fans are not kept, by bridge. */
  #broken = new Map<string, string>()
  /** The last message about a problem, by thing. */
  readonly #failed = new Map<string, string>()

  constructor(grace: number) {
    this.#grace = grace
  }

  /** The lines about a look, at a time in milliseconds. */
  linesOf(look: Look, now: number): Event[] {
    return [
      ...this.#brokenLines(look),
      ...look.attempts.flatMap((attempt) => this.#attemptLines(attempt)),
      ...this.#strandedLines(look, now),
    ]
  }

  /** Milliseconds until there is a line to say even if nothing happens; undefined: there is none. */
  dueIn(now: number): number | undefined {
    const waits = [...this.#stranded.values()]
      .filter(({ isTold }) => !isTold)
      .map(({ since }) => Math.max(0, since + this.#grace - now))
    return waits.length > 0 ? Math.min(...waits) : undefined
  }

  /** A problem with something else than a fan's parts. The same one twice in a row is told once. */
  problemLines(thing: string, problem: Error | undefined): Event[] {
    const known = this.#failed.get(thing)
    if (!problem) {
      this.#failed.delete(thing)
      return []
    }
    this.#failed.set(thing, problem.message)
    return known === problem.message ? [] : [line('failed', undefined, textOf(problem))]
  }

  #brokenLines({ broken, followed }: Look): Event[] {
    const before = this.#broken
    this.#broken = new Map(broken.map(({ bridge, problem }) => [bridge, problem.message]))
    const told = broken.filter(({ bridge, problem }) => before.get(bridge) !== problem.message)
    const whole = followed.fans.filter(({ bridge }) => before.has(bridge) && !this.#broken.has(bridge))
    return [
      ...told.map(({ bridge, problem }) => line('failed', bridge, `not watched: ${textOf(problem)}`)),
      ...whole.map(({ bridge }) => line('recovered', bridge, 'watched again: its record is valid')),
    ]
  }

  #attemptLines({ repair, count, problem, pause }: Attempt): Event[] {
    const { thing, bridge, kind, what, steps } = repair
    const seconds = pause / 1000
    const known = this.#failed.get(thing)
    if (!problem) {
      this.#failed.delete(thing)
      const again =
        count < tellingCount ? '' : `; repaired ${count} times in a short time, so not again within ${seconds} s`
      return [{ ...line('repaired', bridge, what + again), kind, steps }]
    }
    const next = pause === longestDelay ? `every ${seconds} s` : `in ${seconds} s`
    const message = `cannot repair ${thing} (retry ${next}): ${textOf(problem)}`
    this.#failed.set(thing, message)
    return known === message ? [] : [{ ...line('failed', bridge, message), kind }]
  }

  #strandedLines({ followed }: Look, now: number): Event[] {
    const before = this.#stranded
    this.#stranded = new Map(followed.stranded.map((one) => [one.bridge, this.#troubleOf(one, before, now)]))
    const told = [...this.#stranded].filter(([bridge, { isTold, key }]) => {
      const old = before.get(bridge)
      return isTold && !(old?.isTold && old.key === key)
    })
    const recovered = followed.fans.filter(
      (fan) =>
        before.get(fan.bridge)?.isTold &&
        !this.#stranded.has(fan.bridge) &&
        !followed.moves.some(({ to }) => to.bridge === fan.bridge),
    )
    return [
      ...told.flatMap(([bridge]) => {
        const problem = followed.stranded.find((one) => one.bridge === bridge)?.problem
        return problem ? [line('stranded', bridge, `cut off until this is fixed: ${textOf(problem)}`)] : []
      }),
      ...recovered.map((fan) => line('recovered', fan.bridge, `its underlay address ${hostTextOf(fan)} is back`)),
    ]
  }

  #troubleOf({ bridge, problem }: Stranded, before: ReadonlyMap<string, Trouble>, now: number): Trouble {
    const old = before.get(bridge)
    const since = old?.since ?? now
    return { key: problem.code, since, isTold: now - since >= this.#grace }
  }
}

const levelOf: Readonly<Record<EventName, Event['level']>> = {
  started: 'info',
  repaired: 'info',
  failed: 'error',
  stranded: 'warning',
  recovered: 'info',
  waiting: 'warning',
  arrived: 'info',
  stopped: 'info',
}

export function line(event: EventName, bridge: string | undefined, message: string): Event {
  return { level: levelOf[event], event, bridge, message, steps: [] }
}

function textOf(problem: Error): string {
  return problem instanceof FanError && problem.hint ? `${problem.message}; ${problem.hint}` : problem.message
}
