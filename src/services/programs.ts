/** Running the system's programs: never through a shell, with a bound on time. */
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { FanError } from '../core/errors.js'

/** Where administrators' programs are, also for those whose PATH leaves them out. */
const adminPath = '/usr/local/sbin:/usr/sbin:/sbin'
const patience = 20_000

export interface ProgramResult {
  readonly status: number
  readonly output: string
  /** What it said on standard error, trimmed. */
  readonly complaint: string
}

/**
 * Runs a program to its end. Throws PROGRAM_MISSING, which names the Debian package that has it, or PROGRAM_FAILED if
 * it cannot be started or a signal ends it.
 */
export async function runProgram(
  program: string,
  packageName: string,
  words: readonly string[],
  input = '',
): Promise<ProgramResult> {
  const child = spawn(program, words, {
    env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:${adminPath}`, LC_ALL: 'C' },
    // A process group of its own: an interrupt from the terminal is for us, and we put the host back.
    detached: true,
  })
  // Node's own `timeout` would keep this process alive that long after a program that cannot be started.
  const timer = setTimeout(() => child.kill(), patience)
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', (error) => {
      clearTimeout(timer)
      reject(startFailure(program, packageName, error))
    })
    child.once('close', (status, signal) => {
      clearTimeout(timer)
      if (status !== null) resolve(status)
      else reject(new FanError('PROGRAM_FAILED', { program, problem: `ended by ${signal}` }))
    })
  })
  // A program that dies before it has read its input says why in its status.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const [status, output, complaint] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
  return { status, output, complaint: complaint.trim() }
}

function startFailure(program: string, packageName: string, error: Error): FanError {
  const isMissing = 'code' in error && error.code === 'ENOENT'
  if (isMissing) return new FanError('PROGRAM_MISSING', { program, package: packageName })
  return new FanError('PROGRAM_FAILED', { program, problem: error.message }, { cause: error })
}
