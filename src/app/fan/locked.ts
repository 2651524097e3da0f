import type { Machine } from '../ports/machine.js'

/** Works with other fanctl processes of this network namespace kept out. Throws LOCKED, BUSY, INTERRUPTED or what the work throws. */
export async function locked<Result>(
  machine: Pick<Machine, 'lock'>,
  work: () => Result | Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  const unlock = await machine.lock(signal)
  try {
    return await work()
  } finally {
    unlock()
  }
}
