/** Work that is asked to stop: the reason of its signal is the name of what the process was told. */
import { FanError } from './errors.js'

/** INTERRUPTED; undefined: nobody has asked to stop. */
export function interruptionOf(signal: AbortSignal | undefined, cause?: unknown): FanError | undefined {
  if (!signal?.aborted) return undefined
  return new FanError('INTERRUPTED', { signal: String(signal.reason) }, cause === undefined ? {} : { cause })
}

/** Throws INTERRUPTED. */
export function heed(signal: AbortSignal | undefined): void {
  const interruption = interruptionOf(signal)
  if (interruption) throw interruption
}
