/** The machine that this process runs on, or the network namespace of it that it is in. */
import { basename, dirname } from 'node:path'
import type { FoundFilter, Machine, Observation } from '../app/ports/machine.js'
import { madeFolder } from '../config/before.js'
import { type Paths, settingsFolder } from '../config/paths.js'
import type { Change } from '../core/change.js'
import type { Trial } from '../core/steerings/steering.js'
import { readCounters } from '../kernel/bpf.js'
import { SystemCallError } from '../kernel/libc.js'
import { claimMonitor, lockNamespace, type Waiting } from '../kernel/lock.js'
import { problemWithFanMap, problemWithFilters } from '../kernel/scratch.js'
import { openRtnetlink, type Rtnetlink } from '../kernel/socket.js'
import { Dnsmasq } from '../services/dnsmasq.js'
import { removeIfEmpty } from '../services/files.js'
import { listDroppingChains } from '../services/nft.js'
import { checkProc, holderOf, holdsNetAdmin } from '../services/processes.js'
import { seesProcesses } from '../services/servers.js'
import { removeUnfinished } from '../services/whole-files.js'
import { execute } from './execute.js'
import { lentBy } from './leases.js'
import { LinuxLookups } from './lookups.js'
import { observeLinux } from './observe.js'
import { LinuxWatch } from './watch.js'

export class LinuxMachine implements Machine {
  readonly privileged: boolean
  readonly seesProcesses = seesProcesses()
  readonly #netlink: Rtnetlink
  readonly #paths: Paths
  readonly #waiting: Waiting
  readonly #dnsmasq: Dnsmasq
  readonly lookups: LinuxLookups
  /** Whether fanctl made the runtime folder. */
  #ownFolder = false
  /** While somebody watches. */
  #watch: LinuxWatch | undefined

  /** `waiting` is how `lock` waits. Throws PROC_MISSING, or the system's error if there can be no more sockets. */
  constructor(paths: Paths, waiting: Waiting = {}) {
    checkProc()
    this.privileged = process.geteuid?.() === 0 && holdsNetAdmin('self')
    this.#netlink = openRtnetlink()
    this.#paths = paths
    this.#waiting = waiting
    this.#dnsmasq = new Dnsmasq(paths)
    this.lookups = new LinuxLookups(this.#netlink, this.#dnsmasq)
  }

  async observe(): Promise<Observation> {
    const { privileged } = this
    const folder = this.#paths.runtime
    const found = await observeLinux({ netlink: this.#netlink, dnsmasq: this.#dnsmasq, folder, privileged })
    this.#ownFolder ||= !found.hasFolder || madeFolder(found.files)
    this.#watch?.follow(folder, this.#dnsmasq.processes())
    return found
  }

  async execute(change: Change): Promise<void> {
    const { runtime: folder } = this.#paths
    const tools = { netlink: this.#netlink, dnsmasq: this.#dnsmasq, folder, leaveFolder: () => this.#leaveFolder() }
    await execute(tools, change)
  }

  /** A folder that fanctl made goes with the last file in it, whichever that is. */
  #leaveFolder(): void {
    if (this.#ownFolder) removeIfEmpty(this.#paths.runtime)
  }

  problemWith(trial: Trial): Promise<string | undefined> {
    return trial.kind === 'filters' ? problemWithFilters(trial.filters) : problemWithFanMap(trial.link)
  }

  countersOf(filter: FoundFilter) {
    try {
      return readCounters(filter.programId)
    } catch (error) {
      // ENOENT: the program has gone since it was seen.
      if (error instanceof SystemCallError && ['EPERM', 'ENOENT'].includes(error.errnoName)) return undefined
      throw error
    }
  }

  async droppingChains(): Promise<readonly string[]> {
    return (await listDroppingChains()).map(({ table, chain }) => `${table} ${chain}`)
  }

  leases(): Readonly<Record<string, number>> {
    return lentBy(this.#dnsmasq)
  }

  watch(onChange: () => void): () => void {
    const watch = new LinuxWatch(onChange)
    this.#watch = watch
    return () => {
      this.#watch = undefined
      watch.stop()
    }
  }

  async lock(signal?: AbortSignal): Promise<() => void> {
    const unlock = await lockNamespace(holderOf, { ...this.#waiting, signal })
    try {
      const { runtime, state, config } = this.#paths
      for (const folder of [runtime, settingsFolder(this.#paths), state]) removeUnfinished(folder)
      removeUnfinished(dirname(config), `${basename(config)}.`)
    } catch (error) {
      unlock()
      throw error
    }
    return unlock
  }

  claimMonitor(): () => void {
    return claimMonitor(holderOf)
  }

  close(): void {
    this.#netlink.close()
  }
}
