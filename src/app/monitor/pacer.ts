/**
 * When to look: a little after things have become quiet, so that what belongs together is seen together, and soon even
 * if they never do. Without events there is no timer.
 */

/** Milliseconds without another event, and the most that a stream of events puts a look off. */
const quiet = 60
const most = 500

export class Pacer {
  /** Of events that no look has seen. */
  #first: number | undefined
  #last = 0
  #timer: NodeJS.Timeout | undefined
  /** Ends the wait; undefined while nobody waits. */
  #wake: (() => void) | undefined
  #earliest = 0
  #latest = Number.POSITIVE_INFINITY

  /** Something has changed. */
  event(): void {
    this.#last = performance.now()
    this.#first ??= this.#last
    this.#arm()
  }

  /** Look now, whatever else holds. */
  now(): void {
    this.#first = Number.NEGATIVE_INFINITY
    this.#earliest = 0
    this.#arm()
  }

  /**
   * Waits until it is time to look: not before `earliest`, at `latest` even without an event. Both are milliseconds of
   * `performance.now()`.
   */
  async wait(earliest: number, latest: number): Promise<void> {
    this.#earliest = earliest
    this.#latest = latest
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      this.#arm()
    })
    this.#first = undefined
  }

  #arm(): void {
    const wake = this.#wake
    if (!wake) return
    clearTimeout(this.#timer)
    const first = this.#first ?? Number.POSITIVE_INFINITY
    const settled = Math.max(this.#earliest, Math.min(this.#last + quiet, first + most))
    const due = Math.min(first === Number.POSITIVE_INFINITY ? first : settled, this.#latest)
    if (due === Number.POSITIVE_INFINITY) return
    this.#timer = setTimeout(
      () => {
        this.#wake = undefined
        wake()
      },
      Math.max(0, due - performance.now()),
    )
  }
}
