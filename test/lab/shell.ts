/** Running programs of the machine, in a network namespace or outside of one. Never through a shell. */
import { type ExecFileOptions, execFile, execFileSync } from 'node:child_process'

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
}

/** Runs a program to its end, whatever its status. */
export function run(words: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const [program = '', ...rest] = words
  const settings: ExecFileOptions = {
    env: { ...process.env, PATH: `${process.env['PATH']}:${adminPath}`, LC_ALL: 'C', ...options.environment },
    timeout: options.timeout ?? 120_000,
    killSignal: options.killSignal ?? 'SIGTERM',
    maxBuffer: 64 * 1024 * 1024,
  }
  return new Promise((resolve) => {
    const child = execFile(program, rest, settings, (error, output, complaint) => {
      const status = error ? (typeof error.code === 'number' ? error.code : 255) : 0
      resolve({ status, output: String(output), complaint: String(complaint) })
    })
    // Node's own option for this always sends SIGTERM.
    options.until?.addEventListener('abort', () => child.kill(settings.killSignal))
    child.stdin?.on('error', () => {})
    child.stdin?.end(options.input ?? '')
  })
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
