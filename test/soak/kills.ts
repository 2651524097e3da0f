/** `up` or `down` is killed at random moments of the time that a whole one takes. The next `up` or `down` mends it. */
import { existsSync } from 'node:fs'
import { Moments } from './moments.js'
import { differences, isUp, lookAt, type Outcome, type Wear } from './wear.js'

/** Returns after how many kills all was well. What was not is said at once. */
export async function kills(wear: Wear): Promise<Outcome> {
  const { host, fan, overlay, runs, command, say } = wear
  const doomed = command === 'up' ? ['up', ...fan] : ['down', '-o', overlay]
  const before = await lookAt(host)
  const moments = await Moments.measure(wear)
  const seen = { early: 0, halfway: 0, late: 0 }
  let good = 0
  for (let run = 1; run <= runs; run += 1) {
    if (command === 'down') await host.fanctlJson(['up', ...fan])
    const moment = moments.next()
    const started = Date.now()
    const { status } = await host.fanctl(doomed, { timeout: moment, killSignal: 'SIGKILL' })
    moments.learn(status === 0 ? Date.now() - started : undefined)
    const isBegun = command === 'up' ? existsSync(host.folders.runtime) : !(await isUp(wear))
    seen[status === 0 ? 'late' : isBegun ? 'halfway' : 'early'] += 1
    const next = moments.random() < 0.5 ? 'up' : 'down'
    const problems = await mend(next)
    if (problems.length === 0) good += 1
    for (const problem of problems) say(`kill ${run}, after ${moment} ms, then ${next}: ${problem}`)
    if (run % 10 === 0) say(`${good} of ${run}: ${seen.early} early, ${seen.halfway} halfway, ${seen.late} late`)
  }
  return { good, leaks: [] }

  /** What is wrong after the next command. */
  async function mend(next: 'up' | 'down'): Promise<string[]> {
    if (next === 'up') {
      const { status, complaint } = await host.fanctl(['up', ...fan])
      if (status !== 0) return [complaint]
      if (!(await isUp(wear))) return ['the plan is not empty']
    }
    const { status, complaint } = await host.fanctl(['down', '-o', overlay])
    // Killed before its first step, or after its last, there is nothing to take down.
    const isGone = status === 1 && next === 'down' && complaint.includes('(FAN_NOT_FOUND)')
    return [...(status === 0 || isGone ? [] : [complaint]), ...differences(before, await lookAt(host))]
  }
}
