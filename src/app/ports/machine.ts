/**
 * The port between use cases and the machine they run on. `LinuxMachine` is the real one; tests have one in memory that
 * can fail at any step.
 */
import type { FanError } from '../../core/errors.js'
import type { Ipv4, Prefix } from '../../core/ipv4.js'
import type { DhcpServer, Encap, Filter, Firewall, Link, LinkMap, Neighbour } from '../../core/state.js'
import type { Counts } from '../../core/steering/counters.js'
import type { Step } from '../../core/step.js'

/** A link as found, whoever made it. */
export interface FoundLink {
  readonly name: string
  /** Other names that it goes by (`ip link property add altname`). No link can have one of them as its name. */
  readonly altnames: readonly string[]
  /** Ours, under a name that somebody gave it; `name` is the one that it should have then. Filled in by `byMark`. */
  readonly givenName?: string
  /** Ours, and it should have this name, which another link has. Filled in by `byMark`. */
  readonly strayOf?: string
  /** `bridge`, `vxlan`, `ipip`, or another program's kind; undefined for hardware. */
  readonly kind: string | undefined
  /** Whether fanctl made it. */
  readonly ours: boolean
  readonly mac: string | undefined
  readonly mtu: number
  readonly up: boolean
  /** Whether there is somebody at the other end of the cable. */
  readonly carrier: boolean
  readonly alias: string
  /** The link it is attached to; empty for none. */
  readonly master: string
  /** UDP port of a vxlan link. */
  readonly port: number | undefined
  /** Of a tunnel, on Ubuntu's fan kernels. */
  readonly fanMap: LinkMap | undefined
  readonly clsact: boolean
  /** The following are read for our own links only. */
  readonly vnis: readonly number[]
  readonly sysctls: Readonly<Record<string, string>>
}

export interface FoundAddress {
  readonly link: string
  readonly prefix: Prefix
  /** The route to its network is gone, which the kernel made with it. Looked at for our own links only. */
  readonly isCut?: true
}

export interface FoundRoute {
  readonly prefix: Prefix
  readonly link: string
  readonly source: Ipv4 | undefined
  /** Made by an administrator or a program such as this one, and marked so (protocol static). */
  readonly isStatic: boolean
  readonly encap?: Encap
  readonly via?: Ipv4
}

export interface FoundFilter extends Filter {
  /** By which the kernel knows the program. */
  readonly programId: number
}

/** Everything about a host that matters to fans. */
export interface Observation {
  readonly links: readonly FoundLink[]
  readonly addresses: readonly FoundAddress[]
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

/** Something that a kernel may or may not be able to do. */
export type Trial =
  | { readonly kind: 'filters'; readonly filters: readonly Filter[] }
  | { readonly kind: 'fan-map'; readonly link: Link }

export interface Machine {
  /** Whether this process may change the network. */
  readonly privileged: boolean
  /** Whether this process sees those of others. Servers whose files are there are taken to run where it does not. */
  readonly seesProcesses: boolean
  observe(): Promise<Observation>
  /** Does one step. What a step that fails has done by then, the caller finds out by observing. Throws FanError. */
  execute(step: Step): Promise<void>
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
