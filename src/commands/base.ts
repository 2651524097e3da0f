/** What all commands have in common: errors in one form, warnings, and the one place that opens the host. */
import { Command } from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import type { LinuxHost } from '../app/linux-host.js'
import type { Paths } from '../app/paths.js'
import { FanError } from '../core/errors.js'
import { limitIn } from '../core/limits.js'
import { oneLine, oneLined } from '../core/printable.js'

/**
 * Runs with the host open, and closes it whatever happens. The kernel's modules are loaded here and not before.
 * `noWait`: only if no other fanctl is changing this host.
 */
export async function openHost<Result>(use: (host: LinuxHost) => Promise<Result>, noWait = false): Promise<Result> {
  const { LinuxHost: Implementation } = await import('../app/linux-host.js')
  const { pathsFrom } = await import('../app/paths.js')
  const note = (holder: string) => {
    if (process.stderr.isTTY)
      process.stderr.write(`fanctl: waiting for ${oneLine(holder)}, which is changing the fans of this host\n`)
  }
  const host = new Implementation(pathsFrom(process.env), { wait: !noWait, note })
  try {
    return await use(host)
  } finally {
    host.close()
  }
}

export abstract class FanCommand extends Command {
  static override enableJsonFlag = true

  withHost<Result>(use: (host: LinuxHost) => Promise<Result>, noWait = false): Promise<Result> {
    return openHost(use, noWait)
  }

  /** Changes files with everybody else kept out, who might change the same. */
  async withPaths<Result>(change: (paths: Paths) => Result): Promise<Result> {
    const { locked } = await import('../app/locked.js')
    const { pathsFrom } = await import('../app/paths.js')
    const paths = pathsFrom(process.env)
    return await this.withHost((host) => locked(host, () => change(paths)))
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
    .replace(/^command (\S+) not found$/, (_, name: string) => `there is no command "${name.replaceAll(':', ' ')}"`)
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

/** For commands that change the host. */
export const lockFlags = {
  'no-wait': Flags.boolean({ description: 'fail at once if another fanctl is changing this host, and say which' }),
}

/** The flags that name the networks of a fan. */
export const networkFlags = {
  overlay: Flags.string({
    char: 'o',
    description: 'the network of the containers, such as 250.0.0.0/8',
    helpValue: 'OVERLAY',
  }),
  underlay: Flags.string({
    char: 'u',
    description:
      "this host's address with the length of the hosts' network (10.0.3.4/16), that network (10.0.0.0/16), a device (eth0/16, or eth0 for /16), or default/16 for that of the default route",
    helpValue: 'UNDERLAY',
  }),
}

/** Where containers are attached to. */
const bridgeFlag = {
  bridge: Flags.string({
    description: 'the bridge that containers are attached to; fan-250 for 250.0.0.0/8',
    helpValue: 'NAME',
  }),
}

/** The flags that name a fan. */
export const fanFlags = { ...networkFlags, ...bridgeFlag }

/** The flags that say how a fan is to be. */
export const settingFlags = {
  ...bridgeFlag,
  type: Flags.string({
    description: 'what goes on the wire: ipip or vxlan, the same on every host; ipip without it',
    helpValue: 'TYPE',
  }),
  steering: Flags.string({
    description:
      'who computes the outer destination: ebpf (programs), fan-map (Ubuntu fan kernels), routes (one for each other host, at most 4096), or auto, as without it, for the first of these that works here',
    helpValue: 'STEERING',
  }),
  dhcp: Flags.boolean({ description: 'serve DHCP and DNS on the bridge, with dnsmasq', allowNo: true }),
  nat: Flags.boolean({
    description: "give what leaves the overlay this host's address; on without --no-nat",
    allowNo: true,
  }),
  'host-reserve': Flags.string({
    description: 'addresses to keep out of DHCP, counted from the gateway; 1 without it',
    helpValue: 'N',
  }),
  mtu: Flags.string({
    description: 'bytes; without it, what the underlay link allows',
    helpValue: 'BYTES',
  }),
  vni: Flags.string({
    description:
      'vxlan only: network identifier, the same on every host; without it, the first three octets of the overlay',
    helpValue: 'VNI',
  }),
  port: Flags.string({
    description: 'vxlan only: UDP port, the same on every host; 8472 without it',
    helpValue: 'PORT',
  }),
  enable: Flags.boolean({ description: 'mark it as one of the fan file, which "down -a" takes down' }),
}
