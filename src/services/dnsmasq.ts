/**
 * One dnsmasq a bridge. Whether it runs is read from /proc by its rights and its configuration file, so nothing about
 * it is remembered. A server is never running while its file is being written: what runs, runs with what the file says.
 */
import { readFileSync } from 'node:fs'
import { FanError, messageOf } from '../core/errors.js'
import type { Pool } from '../core/fan-map.js'
import { formatAddress, type Ipv4 } from '../core/ipv4.js'
import type { DhcpServer, DhcpSettings } from '../core/state.js'
import { parseConfig, renderConfig } from '../dnsmasq-conf/config.js'
import type { Lease } from '../dnsmasq-conf/leases.js'
import { listFolder, readOwn, removeFile } from './files.js'
import { readLeases, setAside } from './lease-files.js'
import { holderOf, socketsOn } from './processes.js'
import { runProgram } from './programs.js'
import { findServers, type Server, seesProcesses, serverOf } from './servers.js'
import { writeWhole } from './whole-files.js'

const program = 'dnsmasq'
const packageName = 'dnsmasq-base'

/** dnsmasq's exit status when it cannot have an address or a port (src/dnsmasq.h, EC_BADNET). */
const badNet = 2

/** Ends a process of which `isMeant` is true, and waits until it has ended. */
export type EndProcess = (id: number, isMeant: () => boolean) => Promise<void>

export interface DnsmasqFolders {
  /** Configurations. */
  readonly runtime: string
  /** Leases, which survive `down` and reboots. */
  readonly state: string
}

export interface StoredLeases {
  readonly bridge: string
  readonly leases: readonly Lease[]
  /** Why they cannot be read; undefined: they can. */
  readonly problem: FanError | undefined
}

export class Dnsmasq {
  readonly #folders: DnsmasqFolders

  constructor(folders: DnsmasqFolders) {
    this.#folders = folders
  }

  /** The servers that are there: running, with a file of configuration, or both. */
  list(): DhcpServer[] {
    const running = this.#running()
    const seesAll = seesProcesses()
    const bridges = [...listFolder(this.#folders.runtime, configEnding).map(bridgeOf), ...running.keys()]
    return [...new Set(bridges)].sort().map((bridge) => {
      const text = readOwn(this.#configOf(bridge)) ?? ''
      const settings = parseConfig(text)
      const asWritten = settings && renderConfig(bridge, settings, this.#placeOf(bridge)) === text
      return { bridge, settings, running: asWritten === true && (running.has(bridge) || !seesAll) }
    })
  }

  /** The ids of the processes of all servers. */
  processes(): number[] {
    return [...this.#running().values()].flat()
  }

  /**
   * Throws PROGRAM_MISSING, PROGRAM_FAILED, PROCESSES_HIDDEN, DNS_PORT_TAKEN, DHCP_FAILED or FILE_UNUSABLE, and leaves
   * nothing behind then.
   */
  async start(bridge: string, settings: DhcpSettings, end: EndProcess): Promise<void> {
    await this.stop(bridge, end)
    const config = this.#configOf(bridge)
    const place = this.#placeOf(bridge)
    setAside(place.leases, settings.pool)
    writeWhole(config, renderConfig(bridge, settings, place))
    try {
      const { status, output, complaint } = await runProgram(program, packageName, [wordFor(config)])
      if (status !== 0) throw startFailure(bridge, settings, status, complaint)
      // It has gone into the background by now, and may have ended there.
      if (!this.#running().has(bridge))
        throw new FanError('DHCP_FAILED', { bridge, problem: lastLines(complaint || output) || 'it exited at once' })
    } catch (error) {
      removeFile(config)
      throw error
    }
  }

  /** Ends the server of a bridge and removes its configuration. Its leases stay. Throws PROCESSES_HIDDEN, PROGRAM_FAILED. */
  async stop(bridge: string, end: EndProcess): Promise<void> {
    if (!seesProcesses()) throw new FanError('PROCESSES_HIDDEN', { bridge })
    for (const id of this.#running().get(bridge) ?? []) {
      await end(id, () => this.#bridgeOf(serverOf(program, id)) === bridge).catch((cause) => {
        throw new FanError(
          'PROGRAM_FAILED',
          { program, problem: `process ${id} does not exit: ${messageOf(cause)}` },
          { cause },
        )
      })
    }
    removeFile(this.#configOf(bridge))
  }

  /**
   * The leases of every bridge that ever had a server: of one that has one now, those of its pool. Throws FILE_UNUSABLE
   * if the folder cannot be read; a file that cannot be tells nothing but that.
   */
  leases(): StoredLeases[] {
    return listFolder(this.#folders.state, leasesEnding).map((name) => {
      const bridge = name.slice(0, -leasesEnding.length)
      try {
        const all = readLeases(this.#leasesOf(bridge))
        const pool = parseConfig(readOwn(this.#configOf(bridge)) ?? '')?.pool
        return { bridge, leases: all.filter(({ address }) => !pool || isIn(pool, address)), problem: undefined }
      } catch (problem) {
        if (!(problem instanceof FanError)) throw problem
        return { bridge, leases: [], problem }
      }
    })
  }

  #configOf(bridge: string): string {
    return `${this.#folders.runtime}/${bridge}${configEnding}`
  }

  #leasesOf(bridge: string): string {
    return `${this.#folders.state}/${bridge}${leasesEnding}`
  }

  #placeOf(bridge: string) {
    return { leases: this.#leasesOf(bridge), user: unprivilegedUser() }
  }

  /** The process ids of running servers by bridge. They are known by the file on their command line, there or not. */
  #running(): Map<string, number[]> {
    const found = new Map<string, number[]>()
    for (const server of findServers(program)) {
      const bridge = this.#bridgeOf(server)
      if (bridge !== undefined) found.set(bridge, [...(found.get(bridge) ?? []), server.id])
    }
    return found
  }

  #bridgeOf(server: Server | undefined): string | undefined {
    const [word = '', ...rest] = server?.words ?? []
    const start = wordFor(`${this.#folders.runtime}/`)
    const name = word.slice(start.length)
    const isOurs = rest.length === 0 && word.startsWith(start) && name.endsWith(configEnding) && !name.includes('/')
    return isOurs ? bridgeOf(name) : undefined
  }
}

const configEnding = '.dnsmasq.conf'
const leasesEnding = '.leases'
function isIn({ first, last }: Pool, address: Ipv4): boolean {
  return address >= first && address <= last
}

function bridgeOf(configName: string): string {
  return configName.slice(0, -configEnding.length)
}

/** The one word on a server's command line. */
function wordFor(config: string): string {
  return `--conf-file=${config}`
}

/** Old fans made a user of their own; dnsmasq-base has one; every system has `nobody`. */
function unprivilegedUser(): string {
  const users = readFileSync('/etc/passwd', 'utf8')
  return ['fan-dnsmasq', 'dnsmasq'].find((name) => users.includes(`\n${name}:`)) ?? 'nobody'
}

function startFailure(bridge: string, settings: DhcpSettings, status: number, complaint: string): FanError {
  const problem = lastLines(complaint) || `exit status ${status}`
  if (status !== badNet || !/in use/i.test(problem)) return new FanError('DHCP_FAILED', { bridge, problem })
  const port = /DHCP/.test(problem) ? 67 : 53
  const holder = holderOf(socketsOn(port)) ?? 'another program'
  return new FanError('DNS_PORT_TAKEN', { address: formatAddress(settings.gateway), port, holder })
}

/** Its reason is in what it said last. */
function lastLines(complaint: string): string {
  const lines = complaint.split('\n').map((line) => line.replace(/^\s*dnsmasq: /, '').trim())
  return lines
    .filter((line) => line !== '')
    .slice(-3)
    .join('; ')
}
