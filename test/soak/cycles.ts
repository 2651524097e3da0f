/** `up` and `down`, again and again, as whole processes; then a look for what they have leaked. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { loadedPrograms } from './programs.js'
import { slopeOf } from './slope.js'
import { differences, lookAt, type Outcome, type Wear } from './wear.js'

/** Kernel memory that user space does not give back by itself (/proc/meminfo), in KiB. */
const kinds = ['SUnreclaim', 'Percpu'] as const

/** How often the host is looked at in whole. The first look comes when the kernel's caches have filled. */
const looks = 20

/**
 * KiB that each cycle may add. A link that stayed would take more. What other programs do to the kernel's memory counts,
 * too: on a busy machine only the kernel of test/vm/run.sh tells.
 */
const tolerance = 1

/** Fewer cycles than this say nothing about memory. */
const enough = 200

export async function cycles({ host, fan, overlay, runs, say }: Wear): Promise<Outcome> {
  const before = await lookAt(host)
  const countBefore = counts()
  const own = await programsOf()
  const memory: Readonly<Record<(typeof kinds)[number], number>>[] = []
  const problems: string[] = []
  let good = 0
  for (let run = 1; run <= runs; run += 1) {
    const up = await host.fanctl(['up', ...fan])
    const down = await host.fanctl(['down', '-o', overlay])
    const complaints = [up, down].filter(({ status }) => status !== 0).map(({ complaint }) => complaint)
    const due = run % Math.ceil(runs / looks) === 0 || run === runs
    const found = due ? differences(before, await lookAt(host)) : []
    if (complaints.length + found.length === 0) good += 1
    for (const problem of [...complaints, ...found]) say(`cycle ${run}: ${problem}`)
    if (!due) continue
    memory.push(await readMemory())
    say(`${good} of ${run}: ${kinds.map((kind) => `${kind} ${memory.at(-1)?.[kind]} KiB`).join(', ')}`)
  }
  const left = loadedPrograms().filter((name) => own.includes(name))
  if (left.length > 0) problems.push(`${left.length} steering programs are still loaded: ${left.join(', ')}`)
  const after = counts()
  for (const [what, count] of Object.entries(countBefore))
    if (after[what] !== count) problems.push(`${what}: ${count} before, ${after[what]} after`)
  for (const kind of runs < enough ? [] : kinds) {
    const slope = slopeOf(memory.map((one) => one[kind])) / Math.ceil(runs / looks)
    say(`${kind} grows by ${slope.toFixed(3)} KiB a cycle`)
    if (slope > tolerance) problems.push(`${kind} grows by more than ${tolerance} KiB a cycle`)
  }
  return { good, leaks: problems }

  /** The names of the fan's programs, which hold a digest of what they do and so are nobody else's. */
  async function programsOf(): Promise<string[]> {
    await host.fanctlJson(['up', ...fan])
    const names = loadedPrograms()
    await host.fanctlJson(['down', '-o', overlay])
    const rest = loadedPrograms()
    const own = names.filter((name) => name.startsWith('fan_') && !rest.includes(name))
    if (own.length === 0) throw new Error('no steering programs were found while the fan was up')
    return own
  }
}

/** What belongs to this process and what it has started, beside what a look at the host finds. */
function counts(): Record<string, number> {
  const mine = (name: string) => name.startsWith(`fanlab-${process.pid}`)
  return {
    'network namespaces': readdirSync('/run/netns').filter(mine).length,
    mounts: readFileSync('/proc/self/mounts', 'utf8')
      .split('\n')
      .filter((line) => line.includes(`fanlab-${process.pid}`)).length,
    'open files of the soak itself': readdirSync('/proc/self/fd').length,
  }
}

/**
 * After the kernel has given back what it only keeps: it frees pieces of its address space late and together (vmap_area,
 * some dozens for each process that ran), so that a thousand runs of any program look like a leak of megabytes.
 */
async function readMemory() {
  writeFileSync('/proc/sys/vm/drop_caches', '3')
  await sleep(500)
  const text = readFileSync('/proc/meminfo', 'utf8')
  const of = (kind: string) => Number(text.match(new RegExp(`^${kind}:\\s+(\\d+) kB`, 'm'))?.[1] ?? 0)
  return { SUnreclaim: of('SUnreclaim'), Percpu: of('Percpu') }
}
