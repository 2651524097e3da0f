/** A monitor that attacks are made on while it runs. */
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import type { LabHost } from '../lab.js'

export interface RunningMonitor {
  readonly id: number
  /** All that it has said by now. */
  said(): string
  /** Asks it to stop. Gives its exit status: null if it had to be killed. */
  stop(): Promise<number | null>
}

/** The real program, in a host's namespace; gone when the test has finished. */
export async function startMonitor(host: LabHost, words: readonly string[] = []): Promise<RunningMonitor> {
  const { runtime, state, config } = host.folders
  const child = spawn(
    'ip',
    ['netns', 'exec', host.namespace, process.execPath, resolve('bin/fanctl'), 'monitor', ...words],
    {
      env: { ...process.env, FANCTL_RUNTIME_DIR: runtime, FANCTL_STATE_DIR: state, FANCTL_CONFIG: config },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part) => {
      text += part
    })
  const ended = new Promise<number | null>((done) => child.once('exit', done))
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  await until(() => text !== '')
  return {
    id: child.pid ?? 0,
    said: () => text,
    stop: async () => {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), patience)
      const status = await ended
      clearTimeout(timer)
      return status
    },
  }
}

/** Milliseconds after which something hangs: in an emulated machine fanctl takes some seconds. */
const patience = 30_000

/** Whether something comes true. */
export async function until(isTrue: () => boolean | Promise<boolean>): Promise<boolean> {
  for (const end = Date.now() + patience; Date.now() < end; await sleep(50)) if (await isTrue()) return true
  return false
}
