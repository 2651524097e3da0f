/** A monitor and thousands of events: its memory and its descriptors have to stay as they are when it has warmed up. */
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LabHost } from '../lab/lab.js'
import { must } from '../lab/shell.js'
import { isUp, type Outcome, type Wear } from './wear.js'

/** Events that come together, and the milliseconds until the next ones: the monitor looks after each such lot. */
const lot = 10
const pause = 150

/** After how many lots something is broken that has to be mended. */
const breakage = 10

/** How often memory is read. */
const looks = 20

/**
 * How much larger the largest memory of the second half may be than that of the first. V8 collects all of its heap once
 * in some thousand events, so what is right goes up by a quarter and comes down again.
 */
const tolerance = 1.3

export async function events(wear: Wear): Promise<Outcome> {
  const { host, fan, runs, say } = wear
  await host.must(['ip', 'link', 'add', 'soak0', 'type', 'veth', 'peer', 'name', 'soak1'])
  await host.fanctlJson(['up', ...fan])
  const monitor = startMonitor(host)
  const sizes: number[] = []
  const lots = Math.ceil(runs / lot)
  await sleep(3000)
  const filesBefore = await filesOf(monitor.id)
  for (let done = 1; done <= lots; done += 1) {
    await must(['ip', '-n', host.namespace, '-batch', '-'], { input: lotOf(done) })
    await sleep(pause)
    if (done % Math.ceil(lots / looks) !== 0) continue
    sizes.push(memoryOf(monitor.id))
    say(`${done * lot} of ${runs}: ${sizes.at(-1)} KiB`)
  }
  const good = (await comesUp(wear)) ? runs : 0
  const filesAfter = await filesOf(monitor.id)
  await monitor.stop()
  const half = Math.ceil(sizes.length / 2)
  const [first, second] = [Math.max(...sizes.slice(0, half)), Math.max(...sizes.slice(half))]
  const leaks = [
    ...(second > first * tolerance ? [`the monitor's memory grows: ${first} KiB, then ${second} KiB`] : []),
    ...(filesAfter > filesBefore ? [`open files: ${filesBefore} before, ${filesAfter} after`] : []),
  ]
  return { good, leaks }
}

/** What was broken again and again is mended after a minute at most. */
async function comesUp(wear: Wear): Promise<boolean> {
  for (const end = Date.now() + 90_000; Date.now() < end; await sleep(3000)) if (await isUp(wear)) return true
  return false
}

/** Lines for `ip -batch`. */
function lotOf(number: number): string {
  const toggles = Array.from({ length: lot }, (_, index) => `link set soak0 mtu ${1400 + ((number + index) % 2)}\n`)
  return [...toggles, ...(number % breakage === 0 ? ['link set fan-247 mtu 1300\n'] : [])].join('')
}

function startMonitor(host: LabHost) {
  const { runtime, state, config } = host.folders
  const child = spawn('ip', ['netns', 'exec', host.namespace, process.execPath, resolve('bin/fanctl'), 'monitor'], {
    env: { ...process.env, FANCTL_RUNTIME_DIR: runtime, FANCTL_STATE_DIR: state, FANCTL_CONFIG: config },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = new Promise((done) => child.once('exit', done))
  const stop = () => {
    child.kill()
    return ended
  }
  // `ip netns exec` becomes the program.
  return { id: child.pid ?? 0, stop }
}

/** KiB that are in memory. Throws if the monitor has ended. */
function memoryOf(id: number): number {
  return Number(readFileSync(`/proc/${id}/status`, 'utf8').match(/^VmRSS:\s+(\d+) kB$/m)?.[1])
}

/** Of several counts the least, for a look that is going on has some more. */
async function filesOf(id: number): Promise<number> {
  const counts: number[] = []
  for (let count = 0; count < 20; count += 1) {
    counts.push(readdirSync(`/proc/${id}/fd`).length)
    await sleep(150)
  }
  return Math.min(...counts)
}
