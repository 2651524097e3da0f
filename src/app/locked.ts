import type { Host } from './host.js'

/** Works with other fanctl processes of this network namespace kept out. Throws LOCKED, BUSY, INTERRUPTED or what the work throws. */
export async function locked<Result>(
  host: Pick<Host, 'lock'>,
  work: () => Result | Promise<Result>,
  interrupted?: () => string | undefined,
): Promise<Result> {
  const unlock = await host.lock(interrupted)
  try {
    return await work()
  } finally {
    unlock()
  }
}
