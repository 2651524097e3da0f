/** `up` or `down` is killed at random moments of the time that a whole one takes. The next `up` or `down` mends it. */
import { existsSync } from 'node:fs'
import { differences, lookAt, type Outcome, type Wear } from './wear.js'

/** Returns after how many kills all was well. What was not is said at once. */
export async function kills({ host, fan, overlay, runs, seed, command, say }: Wear): Promise<Outcome> {
  const random = generator(seed)
  const doomed = command === 'up' ? ['up', ...fan] : ['down', '-o', overlay]
  const before = await lookAt(host)
  const { begun, whole: first } = await timesOf(command)
  // How fast the machine is changes; whole runs on the way tell.
  let whole = first
  say(`a whole ${command} takes ${whole} ms, and changes the host from ${begun} ms on; seed ${seed}`)
  const seen = { early: 0, halfway: 0, late: 0 }
  let good = 0
  for (let run = 1; run <= runs; run += 1) {
    if (command === 'down') await host.fanctlJson(['up', ...fan])
    // Much of the time passes before the first change. Every second kill is of the rest.
    const earliest = run % 2 === 0 ? (begun * whole) / first : 0
    const moment = Math.max(1, Math.round(earliest + random() * (whole - earliest)))
    const started = Date.now()
    const { status } = await host.fanctl(doomed, { timeout: moment, killSignal: 'SIGKILL' })
    if (status === 0) whole = Math.max(begun, Date.now() - started)
    else if (command === 'up') whole *= 1.02
    const isBegun = command === 'up' ? existsSync(host.folders.runtime) : !(await isUp())
    seen[status === 0 ? 'late' : isBegun ? 'halfway' : 'early'] += 1
    const next = random() < 0.5 ? 'up' : 'down'
    const problems = await mend(next)
    if (problems.length === 0) good += 1
    for (const problem of problems) say(`kill ${run}, after ${moment} ms, then ${next}: ${problem}`)
    if (run % 10 === 0) say(`${good} of ${run}: ${seen.early} early, ${seen.halfway} halfway, ${seen.late} late`)
  }
  return { good, leaks: [] }

  /** Milliseconds: the least until the first change, and the most until the end. */
  async function timesOf(what: 'up' | 'down'): Promise<{ begun: number; whole: number }> {
    const rounds: { begun: number; whole: number }[] = []
    for (let round = 0; round < 3; round += 1)
      for (const each of ['up', 'down'] as const) {
        const start = Date.now()
        let begun = 0
        const watch = setInterval(() => {
          if (begun === 0 && existsSync(signOfChange(each)) === (each === 'up')) begun = Date.now() - start
        }, 1)
        await host.fanctlJson(each === 'up' ? ['up', ...fan] : ['down', '-o', overlay])
        clearInterval(watch)
        if (each === what) rounds.push({ begun, whole: Date.now() - start })
      }
    return {
      begun: Math.min(...rounds.map(({ begun }) => begun)),
      whole: Math.max(...rounds.map(({ whole }) => whole)),
    }
  }

  /** What the first step of `up` makes, and one of the first of `down` removes. */
  function signOfChange(what: 'up' | 'down'): string {
    const { runtime } = host.folders
    return what === 'up' ? runtime : `${runtime}/fan-247.dnsmasq.conf`
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
