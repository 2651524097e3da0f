/** How commands are told to stop. */
import { hear } from '../services/signals.js'

export { hear }

/**
 * Lets work notice signals instead of being ended by them: the reason that it is aborted for is the signal's name. Nor
 * do they end the program afterwards: what is done by then has to be said, and an exit status other than 0 would deny it.
 */
export async function untilSignal<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const stop = new AbortController()
  hear((name) => stop.abort(name))
  return await work(stop.signal)
}
