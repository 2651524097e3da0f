/** The machine that this process runs on, or the network namespace of it that it is in. */
import { basename, dirname } from 'node:path'
import type { FoundFilter, Machine, Observation, Trial } from '../app/ports/machine.js'
import { madeFolder } from '../config/before.js'
import { type Paths, settingsFolder } from '../config/paths.js'
import { afterCreation, linkGroup } from '../core/creation.js'
import { FanError } from '../core/errors.js'
import type { Link } from '../core/state.js'
import type { Step } from '../core/step.js'
import type { Lease } from '../dnsmasq-conf/leases.js'
import * as addresses from '../kernel/addresses.js'
import { readCounters } from '../kernel/bpf.js'
import { explain } from '../kernel/explain.js'
import * as filters from '../kernel/filters.js'
import { SystemCallError } from '../kernel/libc.js'
import * as links from '../kernel/links.js'
import { claimMonitor, lockNamespace, type Waiting } from '../kernel/lock.js'
import * as neighbours from '../kernel/neighbours.js'
import { endProcess } from '../kernel/processes.js'
import * as routes from '../kernel/routes.js'
import { problemWithFanMap, problemWithFilters } from '../kernel/scratch.js'
import { openRtnetlink, type Rtnetlink } from '../kernel/socket.js'
import * as vnis from '../kernel/vnis.js'
import { Dnsmasq } from '../services/dnsmasq.js'
import { removeFile, removeIfEmpty } from '../services/files.js'
import { listDroppingChains, writeFirewall } from '../services/nft.js'
import { checkProc, holderOf, holdsNetAdmin, socketsOn } from '../services/processes.js'
import { seesProcesses } from '../services/servers.js'
import { writeSysctl } from '../services/sysctl.js'
import { removeUnfinished, writeWhole } from '../services/whole-files.js'
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

  async execute(step: Step): Promise<void> {
    try {
      await this.#execute(step)
    } catch (error) {
      throw explain(step, error, await this.#circumstancesOf(step))
    }
  }

  async #execute(step: Step): Promise<void> {
    const netlink = this.#netlink
    switch (step.kind) {
      case 'add-link':
        return await this.#addLink(step.link)
      case 'del-link':
        return await links.delLink(netlink, await this.#ownIndexOf(step.link.name))
      case 'set-link':
        return await links.setLink(
          netlink,
          await this.#indexOf(step.name),
          step.to,
          step.to.bridge ? await this.#indexOf(step.to.bridge) : 0,
        )
      case 'rename-link':
        return await links.renameLink(netlink, await links.findLink(netlink, step.from), step.to)
      case 'add-vni':
        return await vnis.addVni(netlink, await this.#indexOf(step.link), step.vni)
      case 'del-vni':
        return await vnis.delVni(netlink, await this.#indexOf(step.link), step.vni)
      case 'add-clsact':
        return await filters.addClsact(netlink, await this.#indexOf(step.link))
      case 'del-clsact':
        return await filters.delClsact(netlink, await this.#indexOf(step.link))
      case 'add-filter':
        return await filters.setFilter(netlink, await this.#indexOf(step.filter.link), step.filter, false)
      case 'set-filter':
        return await filters.setFilter(netlink, await this.#indexOf(step.to.link), step.to, true)
      case 'del-filter':
        return await filters.delFilter(netlink, await this.#indexOf(step.filter.link), step.filter)
      case 'add-address':
        return await addresses.addAddress(netlink, await this.#indexOf(step.address.link), step.address.prefix)
      case 'del-address':
        return await addresses.delAddress(netlink, await this.#indexOf(step.address.link), step.address.prefix)
      case 'add-routes':
        return await routes.addRoutes(netlink, await this.#indexOf(step.link), step.routes)
      case 'set-routes':
        return await routes.replaceRoutes(netlink, await this.#indexOf(step.link), step.to)
      case 'del-routes':
        return await routes.delRoutes(netlink, await this.#indexOf(step.link), step.routes)
      case 'add-neighbours':
        return await neighbours.addNeighbours(netlink, await this.#indexOf(step.link), step.neighbours)
      case 'del-neighbours':
        return await neighbours.delNeighbours(netlink, await this.#indexOf(step.link), step.neighbours)
      case 'set-sysctl':
        return writeSysctl(step.key, step.to)
      case 'set-firewall':
        return await writeFirewall(step.to)
      case 'start-dhcp':
        if (step.server.settings) await this.#dnsmasq.start(step.server.bridge, step.server.settings, endProcess)
        return
      case 'stop-dhcp':
        await this.#dnsmasq.stop(step.server.bridge, endProcess)
        return this.#leaveFolder()
      case 'set-file':
        return this.#setFile(step.name, step.to)
      default:
        return step satisfies never
    }
  }

  /** Two messages; if the second is refused, what the first made goes again. */
  async #addLink(link: Link): Promise<void> {
    await links.addLink(this.#netlink, link)
    const index = await this.#ownIndexOf(link.name)
    try {
      await links.setLink(this.#netlink, index, afterCreation(link), 0)
    } catch (error) {
      await links.delLink(this.#netlink, index)
      throw error
    }
  }

  #setFile(name: string, text: string | undefined): void {
    if (text !== undefined) writeWhole(this.#fileOf(name), text)
    else {
      removeFile(this.#fileOf(name))
      this.#leaveFolder()
    }
  }

  /** A folder that fanctl made goes with the last file in it, whichever that is. */
  #leaveFolder(): void {
    if (this.#ownFolder) removeIfEmpty(this.#paths.runtime)
  }

  async #indexOf(name: string): Promise<number> {
    return await links.indexOf(this.#netlink, name)
  }

  /** What was ours when it was seen may have been replaced since. Throws LINK_CONFLICT for what is not ours. */
  async #ownIndexOf(name: string): Promise<number> {
    const { index, group, kind } = await links.findLink(this.#netlink, name)
    if (group !== linkGroup) throw new FanError('LINK_CONFLICT', { name, kind: kind ?? 'hardware' })
    return index
  }

  /** Who has the port of a vxlan link that cannot come up: a socket of a process, or another link of the kernel's. */
  async #circumstancesOf(step: Step) {
    if (step.kind !== 'set-link' || !step.to.up) return {}
    const all = await links.listLinks(this.#netlink)
    const port = all.find((link) => link.name === step.name)?.port
    if (port === undefined) return {}
    const rival = all.find((link) => link.port === port && link.name !== step.name && link.up)
    return { port, holder: rival ? `the vxlan link ${rival.name}` : holderOf(socketsOn(port)) }
  }

  #fileOf(name: string): string {
    return `${this.#paths.runtime}/${name}`
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
    const now = new Date()
    const isLent = ({ expires }: Lease) => expires === undefined || expires > now
    try {
      return Object.fromEntries(
        this.#dnsmasq
          .leases()
          .filter(({ problem }) => problem === undefined)
          .map(({ bridge, leases: all }) => [bridge, all.filter(isLent).length]),
      )
    } catch (error) {
      // `fanctl leases` says what is wrong with the folder. A fan is no less up for that.
      if (error instanceof FanError) return {}
      throw error
    }
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
    const { runtime, state, config } = this.#paths
    for (const folder of [runtime, settingsFolder(this.#paths), state]) removeUnfinished(folder)
    removeUnfinished(dirname(config), `${basename(config)}.`)
    return unlock
  }

  claimMonitor(): () => void {
    return claimMonitor(holderOf)
  }

  close(): void {
    this.#netlink.close()
  }
}
