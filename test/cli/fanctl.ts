/** Runs the real program as a child process, in an environment of its own. */
import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inject } from 'vitest'

const here = fileURLToPath(new URL('.', import.meta.url))
const program = join(here, '../../bin/fanctl')

export interface Outcome {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Folders {
  readonly runtime: string
  readonly state: string
}

interface Options {
  readonly input?: string
  readonly folders?: Folders
  readonly env?: Readonly<Record<string, string>>
  /** Lets it load what speaks to the kernel, not as root. Only for command lines that change nothing. */
  readonly mayReadHost?: boolean
}

/** Folders of fanctl that nobody has made yet. */
export function freshFolders(): Folders {
  const place = mkdtempSync(join(inject('folder'), 'test-'))
  return { runtime: join(place, 'run'), state: join(place, 'state') }
}

/** `fanctl WORDS…` */
export function fanctl(words: readonly string[], options: Options = {}): Promise<Outcome> {
  return runNode([program, ...words], options)
}

/** `fanatic WORDS…` */
export function fanatic(words: readonly string[], options: Options = {}): Promise<Outcome> {
  return runNode([join(here, '../../bin/fanatic'), ...words], options)
}

/** Many command lines that fail while they are parsed, in one process: see many.cjs. */
export async function fanctlMany(lines: readonly (readonly string[])[], folders: Folders): Promise<Outcome[]> {
  const { stdout, stderr } = await runNode([join(here, 'many.cjs')], { input: JSON.stringify(lines), folders })
  if (stderr !== '') throw new Error(stderr)
  return JSON.parse(stdout) as Outcome[]
}

function runNode(words: readonly string[], options: Options): Promise<Outcome> {
  const { input = '', folders = freshFolders(), env = {}, mayReadHost = false } = options
  const child = spawn(process.execPath, ['--require', join(here, 'no-kernel.cjs'), ...words], {
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: inject('folder'),
      FANCTL_RUNTIME_DIR: folders.runtime,
      FANCTL_STATE_DIR: folders.state,
      FANCTL_CONFIG: join(folders.state, 'fan'),
      ...(mayReadHost && { MAY_READ_HOST: '1' }),
      ...env,
    },
  })
  return new Promise((resolve, reject) => {
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, stdout, stderr }))
    // A program that ends before it has read its input is no failure of the test.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}
