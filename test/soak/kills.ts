/** `up` or `down` is killed at random moments of the time that a whole one takes. The next `up` or `down` mends it. */
import { existsSync } from 'node:fs'
import { differences, lookAt, type Wear } from './wear.js'

/** Returns after how many kills all was well. What was not is said at once. */
export async function kills({ host, fan, overlay, runs, seed, command, say }: Wear): Promise<number> {
  const random = generator(seed)
  const doomed = command === 'up' ? ['up', ...fan] : ['down', '-o', overlay]
  const before = await lookAt(host)
  const whole = await timeOf(command)
  say(`a whole ${command} takes ${whole} ms; seed ${seed}`)
  const seen = { early: 0, halfway: 0, late: 0 }
  let good = 0
  for (let run = 1; run <= runs; run += 1) {
    if (command === 'down') await host.fanctlJson(['up', ...fan])
    const moment = Math.max(1, Math.round(random() * whole))
    const { status } = await host.fanctl(doomed, { timeout: moment, killSignal: 'SIGKILL' })
    const begun = command === 'up' ? existsSync(host.folders.runtime) : !(await isUp())
    seen[status === 0 ? 'late' : begun ? 'halfway' : 'early'] += 1
    const next = random() < 0.5 ? 'up' : 'down'
    const problems = await mend(next)
    if (problems.length === 0) good += 1
    for (const problem of problems) say(`kill ${run}, after ${moment} ms, then ${next}: ${problem}`)
    if (run % 10 === 0) say(`${good} of ${run}: ${seen.early} early, ${seen.halfway} halfway, ${seen.late} late`)
  }
  return good

  /** Milliseconds, the longest of three. */
  async function timeOf(what: 'up' | 'down'): Promise<number> {
    const times: number[] = []
    for (let round = 0; round < 3; round += 1) {
      const start = Date.now()
      await host.fanctlJson(['up', ...fan])
      const middle = Date.now()
      await host.fanctlJson(['down', '-o', overlay])
      times.push(what === 'up' ? middle - start : Date.now() - middle)
    }
    return Math.max(...times)
  }

  async function isUp(): Promise<boolean> {
    return (await host.fanctl(['plan', ...fan, '--exit-code'])).status === 0
  }

  /** What is wrong after the next command. */
  async function mend(next: 'up' | 'down'): Promise<string[]> {
    if (next === 'up') {
      const { status, complaint } = await host.fanctl(['up', ...fan])
      if (status !== 0) return [complaint]
      if (!(await isUp())) return ['the plan is not empty']
    }
    const { status, complaint } = await host.fanctl(['down', '-o', overlay])
    // Killed before its first step, or after its last, there is nothing to take down.
    const isGone = status === 1 && next === 'down' && complaint.includes('(FAN_NOT_FOUND)')
    return [...(status === 0 || isGone ? [] : [complaint]), ...differences(before, await lookAt(host))]
  }
}

/** mulberry32: numbers from 0 to 1, the same for the same seed. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
