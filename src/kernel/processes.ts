/**
 * Who ends, without polling: a process that has ended makes its descriptor readable (pidfd_open(2)), and a thread of
 * its own waits for that in poll(2). And an end for a process, by the same descriptor.
 */
import { closeSync, writeSync } from 'node:fs'
import { openEventCounter, openProcess, readableOf, SystemCallError, signalProcess } from './libc.js'

/** Milliseconds that a process may take to end before it is killed, and after that. */
const patience = 3000

/**
 * Ends a process and waits until it has ended. Whether it is the one that is meant is asked when nobody who gets its id
 * later can be hit any more. Throws SystemCallError, or Error for one that not even SIGKILL ends in time.
 */
export async function endProcess(id: number, isMeant: () => boolean): Promise<void> {
  let descriptor: number
  try {
    descriptor = openProcess(id)
  } catch (error) {
    if (isGone(error)) return
    throw error
  }
  try {
    if (!isMeant()) return
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      signalProcess(descriptor, signal)
      if (await hasEnded(descriptor)) return
    }
    throw new Error('not even by SIGKILL')
  } catch (error) {
    if (!isGone(error)) throw error
  } finally {
    closeSync(descriptor)
  }
}

/** Whether it ends within the time that it has. A signal to this process may end a wait early. */
async function hasEnded(descriptor: number): Promise<boolean> {
  const end = performance.now() + patience
  for (let left = patience; left > 0; left = end - performance.now())
    if ((await readableOf([descriptor], Math.ceil(left))).length > 0) return true
  return false
}

function isGone(error: unknown): boolean {
  return error instanceof SystemCallError && error.errnoName === 'ESRCH'
}

export interface ProcessWatch {
  /** Whom to watch from now on, by id. */
  follow(ids: readonly number[]): void
  stop(): void
}

/** Calls back after each end of a process that is followed. */
export function watchProcesses(onEnd: () => void): ProcessWatch {
  /** Descriptors by id. */
  const watched = new Map<number, number>()
  let wanted: readonly number[] = []
  /** What ends the wait; undefined while there is none. */
  let bell: number | undefined

  async function wait(): Promise<void> {
    while (wanted.length > 0) {
      const counter = openEventCounter()
      bell = counter
      const ended = adopt()
      const readable = ended ? [] : await readableOf([counter, ...watched.values()])
      bell = undefined
      closeSync(counter)
      const gone = [...watched].filter(([, descriptor]) => readable.includes(descriptor)).map(([id]) => id)
      wanted = wanted.filter((id) => !gone.includes(id))
      if (ended || gone.length > 0) onEnd()
    }
    adopt()
  }

  /** Opens and closes descriptors, so that they are those of who is wanted. True: one of them is no more. */
  function adopt(): boolean {
    for (const [id, descriptor] of watched)
      if (!wanted.includes(id)) {
        closeSync(descriptor)
        watched.delete(id)
      }
    const before = wanted
    for (const id of wanted.filter((one) => !watched.has(one))) {
      try {
        watched.set(id, openProcess(id))
      } catch (error) {
        if (!(error instanceof SystemCallError)) throw error
        wanted = wanted.filter((one) => one !== id)
      }
    }
    return wanted.length < before.length
  }

  function follow(ids: readonly number[]): void {
    if (ids.length === wanted.length && ids.every((id) => wanted.includes(id))) return
    const isWaiting = bell !== undefined
    wanted = ids
    if (bell !== undefined) writeSync(bell, one)
    if (!isWaiting) void wait()
  }

  return { follow, stop: () => follow([]) }
}

/** What adds one to an event counter (eventfd(2)). */
const one = Buffer.from(BigUint64Array.of(1n).buffer)
