/**
 * Who ends, without polling: a process that has ended makes its descriptor readable (pidfd_open(2)), and a thread of
 * its own waits for that in poll(2). And an end for a process, by the same descriptor.
 */
import { closeSync, readSync, writeSync } from 'node:fs'
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
    throw new Error('not even after SIGKILL')
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
  /** Whom to watch from now on, by id. Throws SystemCallError if one cannot be watched; nothing changes then. */
  follow(ids: readonly number[]): void
  stop(): void
}

/** Calls back after each end of a process that is followed. Throws SystemCallError. */
export function watchProcesses(onEnd: () => void): ProcessWatch {
  /** Descriptors by id. */
  const watched = new Map<number, number>()
  let wanted: readonly number[] = []
  let isWaiting = false
  let isStopped = false
  /** What ends the wait. */
  const bell = openEventCounter()

  async function wait(): Promise<void> {
    isWaiting = true
    while (wanted.length > 0) {
      const readable = await readableOf([bell, ...watched.values()])
      if (readable.includes(bell)) readSync(bell, Buffer.alloc(one.length))
      const gone = [...watched].filter(([, descriptor]) => readable.includes(descriptor)).map(([id]) => id)
      wanted = wanted.filter((id) => !gone.includes(id))
      leave()
      if (gone.length > 0) onEnd()
    }
    isWaiting = false
    leave()
    if (isStopped) closeSync(bell)
  }

  /** Closes the descriptors of whom nobody wants any more. Not while a thread waits for them. */
  function leave(): void {
    for (const [id, descriptor] of watched)
      if (!wanted.includes(id)) {
        closeSync(descriptor)
        watched.delete(id)
      }
  }

  function follow(ids: readonly number[]): void {
    if (ids.length === wanted.length && ids.every((id) => wanted.includes(id))) return
    const found = ids.filter((id) => watched.has(id) || open(id))
    if (found.length < ids.length) onEnd()
    change(found)
  }

  /** False: it has ended. */
  function open(id: number): boolean {
    try {
      watched.set(id, openProcess(id))
      return true
    } catch (error) {
      if (error instanceof SystemCallError && error.errnoName === 'ESRCH') return false
      throw error
    }
  }

  function change(ids: readonly number[]): void {
    wanted = ids
    if (isWaiting) writeSync(bell, one)
    else void wait()
  }

  return {
    follow,
    stop: () => {
      isStopped = true
      change([])
    },
  }
}

/** What adds one to an event counter (eventfd(2)). */
const one = Buffer.from(BigUint64Array.of(1n).buffer)
