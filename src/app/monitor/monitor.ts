/**
 * `fanctl monitor`: keeps the fans of this host as they are recorded. It sleeps until the kernel tells of a change or a
 * dnsmasq ends, and looks at everything then: what a message says is never trusted to be all that has happened.
 */
import type { FanRequest } from '../../config/request.js'
import { FanError } from '../../core/errors.js'
import { formatReference, hostTextOf } from '../../core/fan.js'
import { formatPrefix } from '../../core/ipv4.js'
import { limitIn } from '../../core/limits.js'
import { delayAfter } from '../../core/repair/back-off.js'
import { checkPrivileged } from '../fan/perform.js'
import type { Machine } from '../ports/machine.js'
import { action, Keeper, type Look } from './keeper.js'
import { tally } from './measure.js'
import type { Tally } from './metrics.js'
import { type MetricsFile, prepareMetrics, writeMetrics } from './metrics-file.js'
import { Pacer } from './pacer.js'
import { type Event, line, Reporter } from './report.js'
import { Waiting } from './waiting.js'

export interface MonitorOptions {
  readonly say: (event: Event) => void
  /** A file for node_exporter, written after each look. */
  readonly metrics?: MetricsFile
  /** Fans that are to come up as soon as this host has a place for them. */
  readonly waiting?: readonly FanRequest[]
  /** Milliseconds after which to look although nothing has happened; left out: never. */
  readonly interval?: number
}

/** Milliseconds before a lost address is told. */
const grace = 1000
/**
 * After a look, rest this many times as long as it took, but no longer than `longestRest`: a stream of other programs'
 * events costs a fifth of one processor at most.
 */
const restFactor = 4
const longestRest = 500

/**
 * Looks once and mends what differs. True: nothing is left to mend. A signal ends the wait for the lock; what has begun is
 * finished. Throws NOT_ROOT, METRICS_UNUSABLE and as `look`.
 */
export async function monitorOnce(machine: Machine, options: MonitorOptions, signal?: AbortSignal): Promise<boolean> {
  const look = await new Keeper(machine).look(signal)
  for (const event of new Reporter(0).linesOf(look, 0)) options.say(event)
  if (options.metrics !== undefined) writeMetrics(machine, options.metrics, look, tally([], look))
  return look.broken.length === 0 && look.attempts.every(({ problem }) => problem === undefined)
}

/** A monitor that runs until it is stopped. */
export class Monitor {
  readonly #host: Machine
  readonly #options: MonitorOptions
  readonly #keeper: Keeper
  readonly #reporter = new Reporter(grace)
  readonly #pacer = new Pacer()
  #waiting: Waiting | undefined
  #tallies: readonly Tally[] = []
  readonly #stop = new AbortController()
  /** Looks in a row that ended with an error. */
  #failures = 0

  constructor(machine: Machine, options: MonitorOptions) {
    this.#host = machine
    this.#options = options
    this.#keeper = new Keeper(machine)
  }

  get #isStopped(): boolean {
    return this.#stop.signal.aborted
  }

  /** Ends the run after the repair that is going on. */
  stop(reason: string): void {
    this.#stop.abort(reason)
    this.#pacer.now()
  }

  /** Looks at everything again, also at what would have to wait. */
  lookAgain(): void {
    this.#keeper.forget()
    this.#pacer.now()
  }

  /**
   * Throws NOT_ROOT, MONITOR_RUNNING, METRICS_UNUSABLE or the system's error if it has no descriptors for all that is to
   * be watched, before it begins, and nothing later.
   */
  async run(): Promise<void> {
    checkPrivileged(this.#host, action)
    const release = this.#host.claimMonitor()
    let unwatch = () => {}
    try {
      unwatch = this.#host.watch(() => this.#pacer.event())
      if (this.#options.metrics !== undefined) prepareMetrics(this.#options.metrics)
      this.#say(line('started', undefined, "watching this host's fans"))
      await this.#expect(this.#options.waiting ?? [])
      // The first look takes longer than any other, for everything is loaded then; nothing rests after that.
      let wait = await this.#look()
      let rest = 0
      while (!this.#isStopped) {
        await this.#pacer.wait(performance.now() + rest, performance.now() + wait)
        if (this.#isStopped) break
        const begun = performance.now()
        wait = await this.#look()
        rest = Math.min(longestRest, restFactor * (performance.now() - begun))
      }
      this.#say(line('stopped', undefined, `stopped by ${this.#stop.signal.reason}; the fans stay as they are`))
    } finally {
      unwatch()
      release()
    }
  }

  async #expect(requests: readonly FanRequest[]): Promise<void> {
    if (requests.length === 0) return
    this.#waiting = new Waiting(this.#host, requests, await this.#host.observe())
    for (const { overlay, underlay } of this.#waiting.requests)
      this.#say(
        line(
          'waiting',
          undefined,
          `${formatPrefix(overlay)} is waiting for its underlay, ${formatReference(underlay)}`,
        ),
      )
  }

  async #receive(): Promise<void> {
    for (const { overlay, fan, problem } of (await this.#waiting?.look(this.#stop.signal)) ?? []) {
      this.#tell(formatPrefix(overlay), problem)
      if (fan)
        this.#say(line('arrived', fan.bridge, `brought up, because its underlay is now there: ${hostTextOf(fan)}`))
    }
  }

  /** Returns the milliseconds after which to look again although nothing happens. */
  async #look(): Promise<number> {
    const { interval = Number.POSITIVE_INFINITY } = this.#options
    try {
      await this.#receive()
      const look = await this.#keeper.look(this.#stop.signal)
      const now = performance.now()
      for (const event of this.#reporter.linesOf(look, now)) if (this.#isWorthSaying(event)) this.#say(event)
      this.#tell('this host', undefined)
      this.#failures = 0
      this.#tallies = tally(this.#tallies, look)
      this.#measure(look)
      const never = Number.POSITIVE_INFINITY
      return Math.min(
        interval,
        look.retryIn ?? never,
        this.#waiting?.retryIn(now) ?? never,
        this.#reporter.dueIn(now) ?? never,
      )
    } catch (error) {
      if (error instanceof FanError && error.code === 'INTERRUPTED') return 0
      this.#tell('this host', limitIn(asError(error), 'read this host') ?? asError(error))
      this.#failures += 1
      return Math.min(interval, delayAfter(this.#failures))
    }
  }

  #measure(look: Look): void {
    const { metrics } = this.#options
    if (metrics === undefined) return
    try {
      writeMetrics(this.#host, metrics, look, this.#tallies)
      this.#tell('metrics', undefined)
    } catch (error) {
      this.#tell('metrics', asError(error))
    }
  }

  #tell(thing: string, problem: Error | undefined): void {
    for (const event of this.#reporter.problemLines(thing, problem)) if (this.#isWorthSaying(event)) this.#say(event)
  }

  /** A service manager stops the programs that a repair runs, too: what fails by that says nothing of this host. */
  #isWorthSaying({ event }: Event): boolean {
    return !this.#isStopped || event !== 'failed'
  }

  #say(event: Event): void {
    this.#options.say(event)
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
