/** How commands are told to stop. */
import { hear, type Signal } from '../services/signals.js'

export { hear }

/**
 * Lets work notice signals instead of being ended by them. Nor do they end the program afterwards: what is done by then
 * has to be said, and an exit status other than 0 would deny it.
 */
export async function untilSignal<Result>(
  work: (interrupted: () => string | undefined) => Promise<Result>,
): Promise<Result> {
  let signal: Signal | undefined
  hear((name) => {
    signal = name
  })
  return await work(() => signal)
}
