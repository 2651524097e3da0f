/** The loop that does steps. Everything that changes a host goes through here. */
import type { Change } from '../../core/change.js'
import { FanError, messageOf } from '../../core/errors.js'
import { heed, interruptionOf } from '../../core/interruption.js'
import { describe, invertAll } from '../../core/objects/objects.js'
import { plan } from '../../core/plan.js'
import type { State } from '../../core/state.js'
import type { Machine } from '../ports/machine.js'

export interface Transaction {
  readonly steps: readonly Change[]
  /** What the host is like before. */
  readonly before: State
  /** Reads the host again, in the same way as `before` was read. */
  readonly observe: () => Promise<State>
  /** Asks to stop. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Does all steps, or none: after a failure the host is as before. Throws the failure, INTERRUPTED, or ROLLBACK_FAILED
 * if something could not be put back. What fails when a signal has come is part of the interruption: a service manager
 * sends it to every program of a service.
 */
export async function apply(machine: Machine, transaction: Transaction): Promise<void> {
  const done: Change[] = []
  const { signal } = transaction
  try {
    for (const step of transaction.steps) {
      heed(signal)
      await machine.execute(step)
      done.push(step)
    }
    heed(signal)
  } catch (cause) {
    const interruption = interruptionOf(signal, cause)
    const stuck = await rollBack(machine, transaction, done)
    if (stuck.length === 0) throw interruption ?? cause
    const problem = interruption ? `stopped by ${signal?.reason}` : messageOf(cause)
    throw new FanError('ROLLBACK_FAILED', { problem, stuck }, { cause })
  }
}

/**
 * Undoes what was done, then compares: a step that failed may have left half of itself, and the kernel does things of
 * its own, such as dropping the routes of a link that goes down. Returns what could not be put back.
 */
async function rollBack(
  machine: Machine,
  { before, observe }: Transaction,
  done: readonly Change[],
): Promise<string[]> {
  await attempt(machine, invertAll(done))
  try {
    await attempt(machine, plan(before, await observe()))
    return plan(before, await observe()).flatMap(describe)
  } catch (error) {
    return [`reading the host: ${messageOf(error)}`]
  }
}

/**
 * Does all steps of a teardown that can be done. Files go last, and only if all else is gone: they are what the next
 * attempt knows a fan by, and what the host was like before. Throws TEARDOWN_INCOMPLETE with everything that went wrong.
 */
export async function tearDown(machine: Machine, steps: readonly Change[]): Promise<void> {
  const isFile = ({ object }: Change) => object === 'file'
  const rest = steps.filter((step) => !isFile(step))
  for (const part of [rest, steps.filter(isFile)]) {
    const problems = await attempt(machine, part)
    if (problems.length > 0) throw new FanError('TEARDOWN_INCOMPLETE', { problems })
  }
}

/** Does every step that can be done and returns what went wrong with the others. */
async function attempt(machine: Machine, steps: readonly Change[]): Promise<string[]> {
  const problems: string[] = []
  for (const step of steps) {
    try {
      await machine.execute(step)
    } catch (error) {
      problems.push(messageOf(error))
    }
  }
  return problems
}
