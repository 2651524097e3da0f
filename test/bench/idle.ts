/**
 * What a monitor costs while nothing happens: how often its threads wake up in a minute, and its memory. Run by
 * `bin/bench idle`, as root.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Lab, type LabHost } from '../lab/lab.js'

const minute = 60_000
/** Milliseconds after which the last of starting is over: V8 tidies up when it has been quiet for a while. */
const settling = 90_000

async function main(): Promise<void> {
  const lab = await Lab.build({ hosts: 1, name: 'i' })
  let monitor: ChildProcess | undefined
  try {
    const [host] = lab.hosts
    if (!host) throw new Error('no host')
    await host.fanctlJson(['up', '-o', '250.0.0.0/8', '-u', 'eth0/16', '--type', 'vxlan', '--dhcp'])
    monitor = startMonitor(host)
    process.stdout.write(`waiting for ${(settling + minute) / 1000} s\n`)
    await sleep(settling)
    const id = monitor.pid ?? 0
    const before = wakeUps(id)
    await sleep(minute)
    const count = wakeUps(id) - before
    const [whole, shared, own] = ['Rss', 'Pss', 'Anonymous'].map((name) => memory(id, name).toFixed(0))
    process.stdout.write(`fanctl monitor at rest: woken up ${count} times in a minute, over all its threads\n`)
    process.stdout.write(
      `${whole} MB resident, ${shared} MB with its share of what others map too, ${own} MB of its own\n`,
    )
  } finally {
    monitor?.kill('SIGTERM')
    lab.close()
  }
}

function startMonitor({ namespace, folders }: LabHost): ChildProcess {
  const { runtime, state, config } = folders
  const environment = { FANCTL_RUNTIME_DIR: runtime, FANCTL_STATE_DIR: state, FANCTL_CONFIG: config }
  // Not through another program: its id is the one to look at.
  const words = ['netns', 'exec', namespace, process.execPath, resolve('bin/fanctl'), 'monitor']
  return spawn('ip', words, { env: { ...process.env, ...environment }, stdio: 'ignore' })
}

/** How often the threads of a process have gone to sleep, and so have been woken up. */
function wakeUps(id: number): number {
  const counts = readdirSync(`/proc/${id}/task`).map((thread) =>
    Number(readFileSync(`/proc/${id}/task/${thread}/status`, 'utf8').match(/^voluntary_ctxt_switches:\s+(\d+)/m)?.[1]),
  )
  return counts.reduce((sum, count) => sum + count, 0)
}

/** In megabytes. */
function memory(id: number, name: string): number {
  const text = readFileSync(`/proc/${id}/smaps_rollup`, 'utf8')
  return Number(text.match(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm'))?.[1]) / 1000
}

main().catch((error: unknown) => {
  process.stderr.write(`bin/bench: ${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
})
