/**
 * Running the system's programs: never through a shell, with a bound on time, and out of the way of signals that are for
 * this process.
 *
 * A program runs in a session of its own, so that an interrupt from the terminal is for us alone, and we put the host
 * back. But between fork(2) and setsid(2) it belongs to our process group, for about a millisecond. A signal to the
 * group is pending there, and ends it when libuv empties its mask, just before execve(2): it has not begun then.
 * (uv__process_child_init in libuv's src/unix/process.c since 1.42; posix_spawn(3), which libuv is going to use, does
 * the same.) Node lets nobody set that mask, and a process can have its child in another group only by leaving its own,
 * where the signals come. So such a program is started again, and whoever runs it looks at the signal at a time that
 * suits. What was hit later, because all processes of a service were signalled, is started again in the same way.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { FanError } from '../core/errors.js'
import { limitOfStart } from '../core/limits.js'
import { hasReceived } from './signals.js'

/** Where administrators' programs are, also for those whose PATH leaves them out; and all of PATH where there is none. */
const adminFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin']
const usualPath = '/usr/local/bin:/usr/bin:/bin'

/** Milliseconds until a program is killed, and until its output is given up that a child of it still holds. */
const patience = 20_000
const straggling = 500

/** One signal ends one of them: this many in a row are somebody who means the program. */
const attempts = 10

export interface ProgramResult {
  readonly status: number
  readonly output: string
  /** What it said on standard error, trimmed. */
  readonly complaint: string
}

/**
 * Runs a program to its end; one that may have to be started again, so it must be fit for that. Throws PROGRAM_MISSING,
 * which names the Debian package that has it, LIMIT_REACHED, or PROGRAM_FAILED if it cannot be started, does not end, or a signal ends
 * it that this process has not received.
 */
export async function runProgram(
  program: string,
  packageName: string,
  words: readonly string[],
  input = '',
): Promise<ProgramResult> {
  for (let attempt = 1; ; attempt += 1) {
    const { status, signal, output, complaint } = await runOnce(program, packageName, words, input)
    if (status !== null) return { status, output, complaint: complaint.trim() }
    if (attempt === attempts || !(await hasReceived(signal)))
      throw new FanError('PROGRAM_FAILED', { program, problem: `killed by ${signal}` })
  }
}

interface Ending {
  /** Null: a signal ended it. */
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly output: string
  readonly complaint: string
}

function runOnce(program: string, packageName: string, words: readonly string[], input: string): Promise<Ending> {
  const child = spawn(program, words, {
    env: chosenEnvironment(),
    cwd: '/',
    detached: true,
  })
  if (!hasStreams(child))
    return new Promise((_, reject) => child.once('error', (error) => reject(startFailure(program, packageName, error))))
  // A program that dies before it has read its input says why in its status.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const output = textOf(child.stdout)
  const complaint = textOf(child.stderr)
  return new Promise((resolve, reject) => {
    // Node's own `timeout` would keep this process alive that long after a program that cannot be started.
    let timer = setTimeout(() => {
      killSession(child.pid)
      reject(new FanError('PROGRAM_FAILED', { program, problem: `it did not exit within ${patience / 1000} s` }))
    }, patience)
    child.once('error', (error) => {
      clearTimeout(timer)
      reject(startFailure(program, packageName, error))
    })
    child.once('exit', (status) => {
      clearTimeout(timer)
      // What it has said itself is there by now, and has been read when Node gets to what is immediate.
      const giveUp = () => [child.stdout, child.stderr].map((stream) => stream.destroy())
      timer = setTimeout(() => setImmediate(giveUp), status === null ? 0 : straggling)
    })
    child.once('close', (status, signal) => {
      clearTimeout(timer)
      resolve({ status, signal, output: output(), complaint: complaint() })
    })
  })
}

/**
 * All that a program learns of this one's environment. An empty or relative place in PATH means the working folder, in
 * which anybody may have put a program.
 */
function chosenEnvironment(): NodeJS.ProcessEnv {
  const own = (process.env['PATH'] ?? usualPath).split(':').filter((folder) => folder.startsWith('/'))
  return { PATH: [...own, ...adminFolders].join(':'), LC_ALL: 'C' }
}

/** Where there are no descriptors left, Node makes no streams, whatever its types say, and tells so in an error later. */
function hasStreams(child: Partial<ChildProcess>): boolean {
  return child.stdin !== undefined
}

/** Gives what has been read. */
function textOf(stream: Readable): () => string {
  let text = ''
  stream.setEncoding('utf8').on('data', (part: string) => {
    text += part
  })
  return () => text
}

/** A program with all that it has started. */
function killSession(id: number | undefined): void {
  try {
    if (id !== undefined) process.kill(-id, 'SIGKILL')
  } catch {
    // It has just ended by itself.
  }
}

function startFailure(program: string, packageName: string, error: Error): FanError {
  const isMissing = 'code' in error && error.code === 'ENOENT'
  if (isMissing) return new FanError('PROGRAM_MISSING', { program, package: packageName })
  return (
    limitOfStart(error, program) ??
    new FanError('PROGRAM_FAILED', { program, problem: error.message }, { cause: error })
  )
}
