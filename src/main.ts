/** The program. Commands load the kernel's modules, zod and the rest of the house when they need them, not before. */
import type { Command } from '@oclif/core/command'
import { flush } from '@oclif/core/flush'
import { run } from '@oclif/core/run'
import { formatBug, knownError, writeError } from './commands/base.js'
import { ConfigCheck } from './commands/config/check.js'
import { ConfigImport } from './commands/config/import.js'
import { ConfigList } from './commands/config/list.js'
import { ConfigSet } from './commands/config/set.js'
import { ConfigShow } from './commands/config/show.js'
import { ConfigUnset } from './commands/config/unset.js'
import { Down } from './commands/down.js'
import { Leases } from './commands/leases.js'
import { MapAddresses } from './commands/map.js'
import { Monitor } from './commands/monitor.js'
import { Plan } from './commands/plan.js'
import { Show } from './commands/show.js'
import { guard } from './commands/terminal.js'
import { Trace } from './commands/trace.js'
import { Up } from './commands/up.js'
import { FanError } from './core/errors.js'
import { viewError } from './results/error.js'

/** oclif looks commands up here, by the names in package.json. */
export const COMMANDS = {
  'config:check': ConfigCheck,
  'config:import': ConfigImport,
  'config:list': ConfigList,
  'config:set': ConfigSet,
  'config:show': ConfigShow,
  'config:unset': ConfigUnset,
  down: Down,
  leases: Leases,
  map: MapAddresses,
  monitor: Monitor,
  plan: Plan,
  show: Show,
  trace: Trace,
  up: Up,
} satisfies Record<string, Command.Class>

/** Runs one command line. Never throws: what goes wrong outside a command ends in a message and an exit status. */
export async function main(words: readonly string[], root: string): Promise<void> {
  makeFilesReadable()
  prepareOutput()
  // oclif wants the name of a shell. Without this it asks the system for the user, whom a container may not know.
  process.env['SHELL'] ??= '/bin/sh'
  try {
    await run(asFlags(words), { root, devPlugins: false, jitPlugins: false, userPlugins: false })
  } catch (error) {
    if (!(error instanceof Error)) throw error
    // oclif ends --help and --version with an error that carries the status 0.
    if ('oclif' in error && (error.oclif as { exit?: number }).exit === 0) return
    reportError(error, words.includes('--json'))
  } finally {
    await flush()
  }
}

/** Runs one command line of fanatic. Never throws, either. */
export async function fanatic(words: readonly string[]): Promise<void> {
  makeFilesReadable()
  prepareOutput()
  try {
    const { fanatic: run } = await import('./commands/fanatic/fanatic.js')
    await run(words)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    reportError(error, false, 'fanatic')
  }
}

/** Whatever umask root has: users look at fans, too, and dnsmasq reads its file as another user. */
function makeFilesReadable(): void {
  process.umask(0o022)
}

/** `fanctl help up` is `fanctl up --help`, and `fanctl version` is `fanctl --version`. */
function asFlags(words: readonly string[]): string[] {
  const [first, ...rest] = words
  if (first === 'help') return [...rest, '--help']
  return first === 'version' && rest.length === 0 ? ['--version'] : [...words]
}

function reportError(error: Error, isJson: boolean, program = 'fanctl'): void {
  const known = knownError(error, '')
  process.exitCode = known?.exitCode ?? 1
  if (isJson) process.stdout.write(`${JSON.stringify(viewError(known ?? error), null, 2)}\n`)
  else if (known) writeError(known, '', program)
  else process.stderr.write(formatBug(error, program))
}

function prepareOutput(): void {
  guard(process.stdout)
  guard(process.stderr)
  // oclif's own listener would throw, and Node would print this file.
  process.stdout.removeAllListeners('error').on('error', stopOutput)
}

/** A reader that has seen enough is no error; a full disk is. Nothing else can be said then, so the program ends. */
function stopOutput(error: Error & { code?: string }): void {
  if (error.code === 'EPIPE') process.exit(process.exitCode)
  const problem = new FanError('OUTPUT_FAILED', { problem: error.code ?? error.message })
  writeError(problem)
  process.exit(problem.exitCode)
}
