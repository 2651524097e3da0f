/** How long to wait before the same thing is mended once more. Times are milliseconds on one clock. */

/** After the first attempt a second, then twice as long each time. */
const shortest = 1000
export const longestDelay = 60_000
/** What has lasted this long is no trouble any more. */
const enough = 60_000

interface Attempts {
  readonly count: number
  /** When the last one ended. */
  readonly at: number
  /** When it was found to be needed again. */
  readonly brokenAt?: number
}

/** The wait after so many attempts: none, 1 s, 2 s, 4 s … 60 s. */
export function delayAfter(count: number): number {
  return count === 0 ? 0 : Math.min(longestDelay, shortest * 2 ** (count - 1))
}

/** Counts attempts by thing. A thing that stays mended for a minute begins anew. */
export class BackOff {
  readonly #attempts = new Map<string, Attempts>()

  /** How long a thing that is broken has to wait. 0: mend it now. */
  wait(thing: string, now: number): number {
    const known = this.#attempts.get(thing)
    if (!known) return 0
    const brokenAt = known.brokenAt ?? now
    if (brokenAt - known.at >= enough) {
      this.#attempts.delete(thing)
      return 0
    }
    this.#attempts.set(thing, { ...known, brokenAt })
    return Math.max(0, known.at + delayAfter(known.count) - now)
  }

  /** Notes an attempt, and returns which one it is: 1 for the first. */
  attempted(thing: string, now: number, isMended: boolean): number {
    const count = (this.#attempts.get(thing)?.count ?? 0) + 1
    this.#attempts.set(thing, { count, at: now, ...(!isMended && { brokenAt: now }) })
    return count
  }

  /** Everything may be mended at once again. */
  forget(): void {
    this.#attempts.clear()
  }
}
