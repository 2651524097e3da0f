/**
 * The port between use cases and the machine they run on. `LinuxMachine` is the real one; tests have one in memory that
 * can fail at any step.
 */
import type { Change } from '../../core/change.js'
import type { FanError } from '../../core/errors.js'
import type { FoundFilter, FoundLink, FoundRoute } from '../../core/found.js'
import type { Address, DhcpServer, Firewall, Neighbour } from '../../core/state.js'
import type { Counts } from '../../core/steering/counters.js'
import type { Trial } from '../../core/steerings/steering.js'

export type { FoundFilter, FoundLink } from '../../core/found.js'

/** Everything about a host that matters to fans. */
export interface Observation {
  readonly links: readonly FoundLink[]
  /** Whether one is cut off is known of our own links only. */
  readonly addresses: readonly Address[]
  readonly routes: readonly FoundRoute[]
  /** The permanent ones. */
  readonly neighbours: readonly Neighbour[]
  readonly filters: readonly FoundFilter[]
  /** Settings of the whole host that fans need. */
  readonly sysctls: Readonly<Record<string, string>>
  readonly ipv6: boolean
  readonly firewall: Firewall | undefined
  /** Why there can be no firewall here; undefined: there can, or nobody has looked. */
  readonly firewallProblem: FanError | undefined
  readonly dhcpServers: readonly DhcpServer[]
  /** The files of the runtime folder, by name. */
  readonly files: Readonly<Record<string, string>>
  /** Why one of them cannot be read, by name; it is empty in `files` then. */
  readonly unreadable: Readonly<Record<string, string>>
  /** The path of that folder, and whether it is there. */
  readonly folder: string
  readonly hasFolder: boolean
}

export interface Machine {
  /** Whether this process may change the network. */
  readonly privileged: boolean
  /** Whether this process sees those of others. Servers whose files are there are taken to run where it does not. */
  readonly seesProcesses: boolean
  observe(): Promise<Observation>
  /** Makes one change. What one that fails has done by then, the caller finds out by observing. Throws FanError. */
  execute(change: Change): Promise<void>
  /** Tries something apart from the host's own network. Why the kernel does not do it; undefined: it does. */
  problemWith(trial: Trial): Promise<string | undefined>
  /** What a program has counted since it was loaded; undefined if it is gone, or this process may not read it. */
  countersOf(filter: FoundFilter): Counts | undefined
  /** Chains of other programs that drop containers' traffic, as `table chain`. */
  droppingChains(): Promise<readonly string[]>
  /** Keeps other fanctl processes of this network namespace out, and returns what lets them in again. */
  lock(signal?: AbortSignal): Promise<() => void>
  /** Keeps other monitors out, and returns what lets them in again. Throws MONITOR_RUNNING. */
  claimMonitor(): () => void
  /** How many addresses DHCP has lent at the moment, by bridge; none for one whose leases cannot be read. */
  leases(): Readonly<Record<string, number>>
  /**
   * Calls back after anything that fans depend on has changed, often many times for one change, until the function
   * that it returns is called. What has changed is for `observe` to find out.
   */
  watch(onChange: () => void): () => void
  close(): void
}
