/** The folders of fanctl. They can be set, so that many hosts fit on one machine. */
export interface Paths {
  /** What is asked for right now; gone after a reboot. */
  readonly runtime: string
  /** Leases, which outlive reboots. */
  readonly state: string
}

export function pathsFrom(environment: Readonly<Record<string, string | undefined>>): Paths {
  return {
    runtime: environment['FANCTL_RUNTIME_DIR'] || '/run/fanctl',
    state: environment['FANCTL_STATE_DIR'] || '/var/lib/fanctl',
  }
}
