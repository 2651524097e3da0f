/**
 * `up` or `down` is asked to stop at random moments of the time that a whole one takes: by each signal, alone or with its
 * whole process group, once or twice. `up` is done, or the host is as before; what `down` has begun it finishes.
 */
import type { Outcome as Ending, RunOptions } from '../lab/shell.js'
import { Moments } from './moments.js'
import { differences, isUp, lookAt, type Outcome, type Wear } from './wear.js'

type Blow = NonNullable<RunOptions['blows']>[number]

const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** How often a second one follows, and within how many milliseconds: people and supervisors that cannot wait. */
const impatience = 1 / 3
const soon = 30

/** Early: a signal ended it before it listened to any, and so before it touched anything. */
type Kind = 'early' | 'interrupted' | 'done'

/** Returns after how many struck runs all was well. What was not is said at once. */
export async function signals(wear: Wear): Promise<Outcome> {
  const { host, fan, overlay, runs, command, say } = wear
  const words = command === 'up' ? ['up', ...fan] : ['down', '-o', overlay]
  const before = await lookAt(host)
  const moments = await Moments.measure(wear)
  const seen = { early: 0, interrupted: 0, done: 0 }
  let good = 0
  for (let run = 1; run <= runs; run += 1) {
    if (command === 'down') await host.fanctlJson(['up', ...fan])
    const blows = blowsOf(run)
    const started = Date.now()
    const ending = await host.fanctl(words, { blows })
    const kind = kindOf(ending, blows)
    moments.learn(kind === 'done' ? Date.now() - started : undefined)
    if (kind) seen[kind] += 1
    const problems = kind ? await problemsAfter(kind) : [`status ${ending.status}, ${ending.output}${ending.complaint}`]
    if (problems.length === 0) good += 1
    else await host.fanctl(['down', '-o', overlay])
    const sent = blows.map(({ signal, to, after }) => `${signal} to its ${to} after ${after} ms`).join(', ')
    for (const problem of problems) say(`run ${run}, ${sent}: ${problem.trimEnd()}`)
    if (run % 10 === 0 || run === runs)
      say(`${good} of ${run}: ${seen.early} early, ${seen.interrupted} interrupted, ${seen.done} done`)
  }
  return { good, leaks: [] }

  /** The three signals take turns, and so do the process and its group. */
  function blowsOf(run: number): Blow[] {
    const first: Blow = {
      after: moments.next(),
      signal: names[run % names.length] ?? 'SIGTERM',
      to: Math.floor(run / names.length) % 2 === 0 ? 'process' : 'group',
    }
    if (moments.random() >= impatience) return [first]
    const signal = names[Math.floor(moments.random() * names.length)] ?? first.signal
    return [first, { after: first.after + Math.round(moments.random() * soon), signal, to: 'group' }]
  }

  /** By what it has said: while Node takes itself down, a signal can still end it. Undefined: it may not end so. */
  function kindOf({ status, output, complaint }: Ending, blows: readonly Blow[]): Kind | undefined {
    const isKilled = status === 255
    if (complaint === '' && output.includes(command === 'up' ? ' is up' : ' is down'))
      return status === 0 || isKilled ? 'done' : undefined
    if (complaint === '' && output === '') return isKilled ? 'early' : undefined
    const said = blows.map(
      ({ signal }) => `fanctl: stopped by ${signal}; the host is as it was before\n  (INTERRUPTED)\n`,
    )
    const isStopped = command === 'up' && output === '' && said.includes(complaint)
    return isStopped && (status === 1 || isKilled) ? 'interrupted' : undefined
  }

  /** What is wrong with the host, which is as before in the end. */
  async function problemsAfter(kind: Kind): Promise<string[]> {
    const isThere = command === 'up' ? kind === 'done' : kind === 'early'
    if (!isThere) return differences(before, await lookAt(host))
    if (!(await isUp(wear))) return ['the plan is not empty']
    const { status, complaint } = await host.fanctl(['down', '-o', overlay])
    return [...(status === 0 ? [] : [complaint]), ...differences(before, await lookAt(host))]
  }
}
