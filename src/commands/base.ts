/** What all commands have in common: errors in one form, warnings, and the one place that opens the host. */
import { Command } from '@oclif/core/command'
import type { Paths } from '../config/paths.js'
import { FanError } from '../core/errors.js'
import { limitIn } from '../core/limits.js'
import { oneLine, oneLined } from '../core/printable.js'
import type { LinuxMachine } from '../linux/machine.js'

/**
 * Runs with the host open, and closes it whatever happens. The kernel's modules are loaded here and not before.
 * `noWait`: only if no other fanctl is changing this host.
 */
export async function openMachine<Result>(
  use: (machine: LinuxMachine) => Promise<Result>,
  noWait = false,
): Promise<Result> {
  const { LinuxMachine: Implementation } = await import('../linux/machine.js')
  const { pathsFrom } = await import('../config/paths.js')
  const note = (holder: string) => {
    if (process.stderr.isTTY) process.stderr.write(`fanctl: waiting: ${oneLine(holder)} is changing this host's fans\n`)
  }
  const machine = new Implementation(pathsFrom(process.env), { wait: !noWait, note })
  try {
    return await use(machine)
  } finally {
    machine.close()
  }
}

export abstract class FanCommand extends Command {
  static override enableJsonFlag = true

  withMachine<Result>(use: (machine: LinuxMachine) => Promise<Result>, noWait = false): Promise<Result> {
    return openMachine(use, noWait)
  }

  /** Changes files with everybody else kept out, who might change the same. */
  async withPaths<Result>(change: (paths: Paths) => Result): Promise<Result> {
    const { locked } = await import('../app/fan/locked.js')
    const { pathsFrom } = await import('../config/paths.js')
    const paths = pathsFrom(process.env)
    return await this.withMachine((machine) => locked(machine, () => change(paths)))
  }

  printWarnings(warnings: readonly string[]): void {
    for (const warning of warnings) this.logToStderr(`fanctl: warning: ${oneLine(warning)}`)
  }

  /** Prints a result for people. What others have put into it makes no lines of its own. */
  print<View>(view: View, format: (view: View) => string): void {
    this.log(format(oneLined(view)))
  }

  /** Text or JSON, the exit status is the same. Errors that are not ours are bugs and keep their stack. */
  protected override async catch(error: Error): Promise<void> {
    const known = knownError(error, this.id ?? '')
    process.exitCode = known?.exitCode ?? 1
    if (this.jsonEnabled()) this.logJson(viewError(known ?? error))
    else process.stderr.write(known ? formatError(known) : formatBug(error))
  }
}

/** oclif's own errors are about usage: an unknown flag, a missing argument. What hits a limit of the system is no bug. */
export function knownError(error: Error, command: string): FanError | undefined {
  if (error instanceof FanError) return error
  if (!('oclif' in error)) return limitIn(error, command ? `run fanctl ${command}` : 'run fanctl')
  const message = error.message
    .replace(/\n?See more help with --help$/, '')
    // oclif calls "config set" config:set.
    .replace(/^command (\S+) not found$/, (_, name: string) => `unknown command "${name.replaceAll(':', ' ')}"`)
    .replaceAll('\n', ' ')
  return new FanError('USAGE', { message, command: `fanctl ${command.replaceAll(':', ' ')}`.trim() }, { cause: error })
}

/** What is printed of an error. */
interface Said {
  readonly message: string
  readonly code: string
  readonly hint?: string | null | undefined
}

/** `place` is where the error is: `/etc/network/fan:3:12`. */
export function formatError(error: Said, place = '', program = 'fanctl'): string {
  const hint = error.hint ? `  ${oneLine(error.hint)}\n` : ''
  return `${program}: ${place && `${oneLine(place)}: `}${oneLine(error.message)}\n${hint}  (${error.code})\n`
}

/** An error that nobody has foreseen, with its stack. The journal takes no priority from the middle of a line. */
export function formatBug(error: Error, program = 'fanctl'): string {
  return `${program}: this is a bug: ${(error.stack ?? error.message).replaceAll(/\n(?! )/g, '\n  ')}\n`
}

export function viewError(error: Error) {
  if (!(error instanceof FanError))
    return { error: { code: 'BUG', message: error.stack ?? error.message, hint: null, exitCode: 1 } }
  const { code, message, hint, exitCode } = error
  return { error: { code, message, hint: hint ?? null, exitCode } }
}
