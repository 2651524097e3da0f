/**
 * How long the program takes as a whole process, as ratios to `node -e 0` in the same run. Run by bin/bench, as root.
 * The commands take turns, so that a change in the machine's speed meets all of them.
 */
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { Lab } from '../lab/lab.js'

const rounds = 20
const fanctl = resolve('bin/fanctl')

interface Contest {
  readonly title: string
  readonly words: readonly string[]
  /** The most that the ratio may be, if it has a limit. */
  readonly limit?: number
  /** What has to be done after each round, outside of the time. */
  readonly after?: () => void
}

/** Milliseconds for one run. Throws if it fails. */
function time(words: readonly string[], environment: NodeJS.ProcessEnv): number {
  const [program = '', ...rest] = words
  const started = process.hrtime.bigint()
  const { status, stderr } = spawnSync(program, rest, {
    env: environment,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  if (status !== 0) throw new Error(`${words.join(' ')}: exit status ${status}: ${stderr}`)
  return Number(process.hrtime.bigint() - started) / 1e6
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle) - 1] ?? 0)) / 2
}

async function main(): Promise<void> {
  const lab = await Lab.build({ hosts: 1, name: 'b' })
  try {
    const [host] = lab.hosts
    if (!host) throw new Error('no host')
    const environment = {
      ...process.env,
      FANCTL_RUNTIME_DIR: host.folders.runtime,
      FANCTL_STATE_DIR: host.folders.state,
      FANCTL_CONFIG: host.folders.config,
    }
    const inHost = (...words: string[]) => ['ip', 'netns', 'exec', host.namespace, process.execPath, ...words]
    const fan = ['-o', '250.0.0.0/8', '-u', 'eth0/16', '--type', 'vxlan']
    const down = () => void time(inHost(fanctl, 'down', '-o', '250.0.0.0/8'), environment)
    const contests: Contest[] = [
      { title: 'fanctl map', words: [process.execPath, fanctl, 'map', '250.0.0.0/8', '10.0.3.4/16'], limit: 2 },
      { title: 'fanctl --help', words: [process.execPath, fanctl, '--help'], limit: 2 },
      { title: 'fanctl show', words: inHost(fanctl, 'show') },
      { title: 'fanctl up --dhcp', words: inHost(fanctl, 'up', ...fan, '--dhcp'), limit: 8, after: down },
    ]
    const base: number[] = []
    const times = contests.map((): number[] => [])
    for (let round = 0; round <= rounds; round += 1) {
      const bare = time([process.execPath, '-e', '0'], environment)
      const each = contests.map(({ words, after }) => {
        const taken = time(words, environment)
        after?.()
        return taken
      })
      // The first round warms the caches.
      if (round === 0) continue
      base.push(bare)
      for (const [index, taken] of each.entries()) times[index]?.push(taken)
    }
    process.stdout.write(`median of ${rounds} runs each; node -e 0: 1.00 (${median(base).toFixed(0)} ms)\n`)
    for (const [index, { title, limit }] of contests.entries()) {
      const ratio = median(times[index] ?? []) / median(base)
      const verdict = limit === undefined ? '' : ratio <= limit ? `  at most ${limit}: yes` : `  at most ${limit}: NO`
      process.stdout.write(`${title.padEnd(20)} ${ratio.toFixed(2)}${verdict}\n`)
      if (limit !== undefined && ratio > limit) process.exitCode = 1
    }
  } finally {
    lab.close()
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`bin/bench: ${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
})
