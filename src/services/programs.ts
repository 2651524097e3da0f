/** Running the system's programs: never through a shell, with a bound on time. */
import { execFile } from 'node:child_process'
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

/** Runs a program to its end. Throws PROGRAM_MISSING, which names the Debian package that has it. */
export function runProgram(
  program: string,
  packageName: string,
  words: readonly string[],
  input = '',
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const options = {
      env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:${adminPath}`, LC_ALL: 'C' },
      timeout: patience,
      maxBuffer: 64 * 1024 * 1024,
    }
    const child = execFile(program, words, options, (error, output, complaint) => {
      if (error && 'code' in error && error.code === 'ENOENT')
        reject(new FanError('PROGRAM_MISSING', { program, package: packageName }))
      else resolve({ status: statusOf(error), output, complaint: complaint.trim() })
    })
    // A program that dies before it has read its input says why in its status.
    child.stdin?.on('error', () => {})
    child.stdin?.end(input)
  })
}

function statusOf(error: Error | null): number {
  if (!error) return 0
  return 'code' in error && typeof error.code === 'number' ? error.code : 1
}
