/** What all commands have in common: errors in one form, warnings, and the one place that opens the host. */
import { Command } from '@oclif/core/command'
import type { Files } from '../app/ports/files.js'
import { FanError } from '../core/errors.js'
import { limitIn } from '../core/limits.js'
import { oneLine, oneLined } from '../core/printable.js'
import type { LinuxMachine } from '../linux/machine.js'
import { viewError } from '../results/error.js'
import type { Paint } from './colour.js'
import { writePainted } from './terminal.js'

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

/** The files of this machine. Needs no kernel. */
export async function openFiles(): Promise<Files> {
  const { linuxFiles } = await import('../linux/files.js')
  const { pathsFrom } = await import('../config/paths.js')
  return linuxFiles(pathsFrom(process.env))
}

/** Exit status of a check on a host that is not as it should be: `plan --exit-code`, `show --check`. */
export const drift = 3

export abstract class FanCommand extends Command {
  static override enableJsonFlag = true

  withMachine<Result>(use: (machine: LinuxMachine) => Promise<Result>, noWait = false): Promise<Result> {
    return openMachine(use, noWait)
  }

  /** Changes files with everybody else kept out, who might change the same. */
  async changeFiles<Result>(change: (files: Files) => Result): Promise<Result> {
    const { locked } = await import('../app/fan/locked.js')
    const files = await openFiles()
    return await this.withMachine((machine) => locked(machine, () => change(files)))
  }

  printWarnings(warnings: readonly string[]): void {
    if (!this.jsonEnabled()) for (const warning of warnings) writeWarning(warning)
  }

  /** Prints a result for people. What others have put into it makes no lines of its own. */
  print<View>(view: View, format: (view: View, paint: Paint) => string): void {
    if (!this.jsonEnabled()) writePainted(process.stdout, (paint) => `${format(oneLined(view), paint)}\n`)
  }

  /** Text or JSON, the exit status is the same. Errors that are not ours are bugs and keep their stack. */
  protected override async catch(error: Error): Promise<void> {
    const known = missingArgument(error, this.ctor.examples) ?? knownError(error, this.id ?? '')
    process.exitCode = known?.exitCode ?? 1
    if (this.jsonEnabled()) this.logJson(viewError(known ?? error))
    else if (known) writeError(known)
    else process.stderr.write(formatBug(error))
  }
}

/** An argument that is missing, with the command's first example; undefined: the error is about something else. */
function missingArgument(error: Error, [example]: Command.Example[] = []): FanError | undefined {
  const [argument] = 'args' in error && Array.isArray(error.args) ? (error.args as unknown[]) : []
  // oclif lists surplus arguments as texts, and missing ones as they are declared.
  if (typeof argument !== 'object' || argument === null || !('name' in argument)) return undefined
  const text = (typeof example === 'string' ? example : example?.command) ?? ''
  return new FanError('OPTION_MISSING', {
    option: `the ${argument.name}`,
    example: text.replace('<%= config.bin %>', 'fanctl'),
  })
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

export function writeWarning(warning: string, program = 'fanctl'): void {
  writePainted(process.stderr, (paint) => `${program}: ${paint('yellow', 'warning:')} ${oneLine(warning)}\n`)
}

/** `place` is where the error is: `/etc/network/fan:3:12`. */
export function writeError(error: Said, place = '', program = 'fanctl'): void {
  writePainted(process.stderr, (paint) => formatError(error, place, program, paint))
}

function formatError(error: Said, place: string, program: string, paint: Paint): string {
  const hint = error.hint ? `  ${oneLine(error.hint)}\n` : ''
  return `${paint('red', `${program}:`)} ${place && `${oneLine(place)}: `}${oneLine(error.message)}\n${hint}  (${error.code})\n`
}

/** An error that nobody has foreseen, with its stack. The journal takes no priority from the middle of a line. */
export function formatBug(error: Error, program = 'fanctl'): string {
  return `${program}: this is a bug: ${(error.stack ?? error.message).replaceAll(/\n(?! )/g, '\n  ')}\n`
}
