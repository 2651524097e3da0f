/** How commands are told to stop. */
import { setTimeout as sleep } from 'node:timers/promises'
import { hear } from '../services/signals.js'

export { hear }

/** Milliseconds between a signal to this process and the same one to its group, as timeout(1) sends them. */
const patience = 100

/**
 * Lets work notice signals instead of being ended by them: the reason that it is aborted for is the signal's name. Nor
 * do they end the program afterwards: what is done by then has to be said, and an exit status other than 0 would deny it.
 */
export async function untilSignal<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const stop = new AbortController()
  hear((name) => stop.abort(name))
  try {
    return await work(stop.signal)
  } finally {
    // While Node ends, a signal does what it does to any program.
    if (stop.signal.aborted) await sleep(patience)
  }
}
