/** The program. Commands load the kernel's modules, zod and the rest of the house when they need them, not before. */
import type { Command } from '@oclif/core/command'
import { flush } from '@oclif/core/flush'
import { run } from '@oclif/core/run'
import { formatError, knownError } from './commands/base.js'
import { Down } from './commands/down.js'
import { Leases } from './commands/leases.js'
import { MapAddresses } from './commands/map.js'
import { Plan } from './commands/plan.js'
import { Show } from './commands/show.js'
import { Up } from './commands/up.js'

/** oclif looks commands up here, by the names in package.json. */
export const COMMANDS = {
  down: Down,
  leases: Leases,
  map: MapAddresses,
  plan: Plan,
  show: Show,
  up: Up,
} satisfies Record<string, Command.Class>

/** Runs one command line. Never throws: what goes wrong outside a command ends in a message and an exit status. */
export async function main(words: string[], root: string): Promise<void> {
  try {
    await run(words, { root })
  } catch (error) {
    if (!(error instanceof Error)) throw error
    // oclif ends --help and --version with an error that carries the status 0.
    if ('oclif' in error && (error.oclif as { exit?: number }).exit === 0) return
    const known = knownError(error, '')
    process.exitCode = known?.exitCode ?? 1
    process.stderr.write(known ? formatError(known) : `fanctl: this is a bug: ${error.stack}\n`)
  } finally {
    await flush()
  }
}
