/** Running programs of the machine, in a network namespace or outside of one. Never through a shell. */
import { execFileSync, spawn } from 'node:child_process'

export interface Outcome {
  readonly status: number
  readonly output: string
  readonly complaint: string
}

const adminPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

export interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>
  readonly input?: string
  /** Milliseconds, or something else to wait for, and the signal that ends the program then. */
  readonly timeout?: number
  readonly until?: AbortSignal
  readonly killSignal?: NodeJS.Signals
  /** The program is the first of a process group of its own then. */
  readonly blows?: readonly Blow[]
}

/** A signal to a program that runs, or to all of its process group, as a terminal or a supervisor sends it. */
export interface Blow {
  /** Milliseconds from the start. */
  readonly after: number
  readonly signal: NodeJS.Signals
  readonly to: 'process' | 'group'
}

/** Runs a program to its end, whatever its status: 255 if a signal ends it, or if it cannot be started. */
export function run(words: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const [program = '', ...rest] = words
  const blows = options.blows ?? []
  const child = spawn(program, rest, {
    env: { ...process.env, PATH: `${process.env['PATH']}:${adminPath}`, LC_ALL: 'C', ...options.environment },
    detached: blows.length > 0,
  })
  const timers = blows.map(({ after, signal, to }) => setTimeout(() => send(child.pid, signal, to), after))
  const giveUp = () => {
    // What it has started may hold on to them.
    child.stdout.destroy()
    child.stderr.destroy()
    send(child.pid, options.killSignal ?? 'SIGTERM', 'process')
  }
  timers.push(setTimeout(giveUp, options.timeout ?? 120_000))
  options.until?.addEventListener('abort', () => send(child.pid, options.killSignal ?? 'SIGTERM', 'process'))
  const said = { output: '', complaint: '' }
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    said.output += part
  })
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    said.complaint += part
  })
  child.stdin.on('error', () => {})
  child.stdin.end(options.input ?? '')
  return new Promise((resolve) => {
    const end = (status: number) => {
      for (const timer of timers) clearTimeout(timer)
      resolve({ status, ...said })
    }
    child.once('error', () => end(255))
    child.once('close', (status) => end(status ?? 255))
  })
}

function send(id: number | undefined, signal: NodeJS.Signals, to: Blow['to']): void {
  try {
    if (id !== undefined) process.kill(to === 'group' ? -id : id, signal)
  } catch {
    // It has ended.
  }
}

/** Runs a program that has to succeed, and returns what it prints. */
export async function must(words: readonly string[], options: RunOptions = {}): Promise<string> {
  const { status, output, complaint } = await run(words, options)
  if (status !== 0) throw new Error(`${words.join(' ')}: exit status ${status}\n${complaint}${output}`)
  return output
}

/** For the end of a process, when nothing asynchronous is possible any more. Failures do not matter then. */
export function runNow(words: readonly string[]): string {
  const [program = '', ...rest] = words
  try {
    return execFileSync(program, rest, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 20_000 })
  } catch {
    return ''
  }
}
