/** Where fanctl's files are. The places can be set, so that many hosts fit on one machine. */
import { FanError } from '../core/errors.js'

export interface Paths {
  /** What is asked for right now; gone after a reboot. */
  readonly runtime: string
  /** The file of fans that `up -a` brings up. */
  readonly config: string
  /** Leases, which outlive reboots. */
  readonly state: string
}

/** Throws FOLDER_INVALID. */
export function pathsFrom(environment: Readonly<Record<string, string | undefined>>): Paths {
  const folder = (variable: string, usual: string) => checkFolder(variable, environment[variable] || usual)
  return {
    config: folder('FANCTL_CONFIG', '/etc/network/fan'),
    runtime: folder('FANCTL_RUNTIME_DIR', '/run/fanctl'),
    state: folder('FANCTL_STATE_DIR', '/var/lib/fanctl'),
  }
}

/** Where settings are kept for the networks of fans. */
export function settingsFolder({ state }: Paths): string {
  return `${state}/config`
}

/** The path becomes part of dnsmasq's configuration, where a space or a line break would mean something. */
function checkFolder(variable: string, path: string): string {
  if (!/^\/[\w./@:+-]*$/.test(path)) throw new FanError('FOLDER_INVALID', { variable, path })
  return path
}
