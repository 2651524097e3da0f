/** A machine in memory: our own port, not the kernel's. It makes each change, and can fail at any of them. */
import type { FoundLink, Machine, Observation } from '../../src/app/ports/machine.js'
import type { Change } from '../../src/core/change.js'
import { acceptRedirects, forwarding } from '../../src/core/desired.js'
import { FanError } from '../../src/core/errors.js'
import { ipv4, type Prefix } from '../../src/core/ipv4.js'
import { kindOf } from '../../src/core/objects/objects.js'
import { noCounts } from '../../src/core/steering/counters.js'
import type { Trial } from '../../src/core/steerings/steering.js'
import { perform } from './memory.js'

/** Whether the failing change has happened when it fails: the answer can get lost after the kernel did it. */
export type Failure = { readonly at: number; readonly done: boolean } | undefined

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] extends readonly (infer One)[] ? One[] : T[Key] }

const nobody: Pick<FoundLink, 'altnames' | 'carrier' | 'port' | 'fanMap' | 'clsact' | 'vnis' | 'sysctls' | 'alias'> = {
  altnames: [],
  carrier: true,
  port: undefined,
  fanMap: undefined,
  clsact: false,
  vnis: [],
  sysctls: {},
  alias: '',
}

/** What is found of what changes have made, besides what they say. */
const ownLink = { ...nobody, ours: true, mac: undefined }
const ownRoute = { isStatic: true }
const ownFilter = { programId: 1 }

/** A machine with one card, at this address. */
export function ordinaryHost(address: Prefix, mtu = 1500): Observation {
  const eth0: FoundLink = {
    ...nobody,
    name: 'eth0',
    kind: undefined,
    ours: false,
    mac: '00:00:5e:00:53:01',
    mtu,
    up: true,
  }
  return {
    links: [{ ...eth0, name: 'lo', mtu: 65_536 }, eth0],
    addresses: [{ link: 'eth0', prefix: address }],
    routes: [{ prefix: { address: ipv4(0), length: 0 }, link: 'eth0', source: undefined, isStatic: false }],
    neighbours: [],
    filters: [],
    sysctls: { [forwarding]: '0', 'net/ipv4/conf/all/send_redirects': '1', [acceptRedirects]: '1' },
    ipv6: true,
    firewall: undefined,
    firewallProblem: undefined,
    dhcpServers: [],
    files: {},
    unreadable: {},
    folder: '/run/fanctl',
    hasFolder: false,
  }
}

export class FakeMachine implements Machine {
  privileged = true
  seesProcesses = true
  /** Changes that were asked for, in order. */
  readonly asked: Change[] = []
  failure: Failure
  /** What the kernel cannot do, and why; and what it was tried with. */
  problems: Partial<Record<Trial['kind'], string>> = {}
  readonly trials: Trial['kind'][] = []
  /** Chains of other programs that drop forwarded packets, as `table chain`. */
  chains: readonly string[] = []
  locks = 0
  #found: Mutable<Observation>
  readonly #watchers = new Set<() => void>()

  constructor(found: Observation) {
    this.#found = copyOf(found)
  }

  async observe(): Promise<Observation> {
    return copyOf(this.#found)
  }

  /** For tests that play another program. */
  change(how: (found: Mutable<Observation>) => void): void {
    how(this.#found)
    this.#notify()
  }

  async execute(change: Change): Promise<void> {
    const failure = this.failure?.at === this.asked.length ? this.failure : undefined
    this.asked.push(change)
    if (!failure || failure.done) this.#do(change)
    this.#notify()
    if (failure) throw new FanError('STEP_FAILED', { step: kindOf(change), problem: 'injected' })
  }

  #do(change: Change): void {
    if (change.object === 'filter' && change.after && !change.after.program)
      throw new Error(`${change.after.name} has no program`)
    const { links, routes, filters, ...rest } = perform(change, this.#found)
    this.#found = copyOf({
      ...rest,
      links: links.map((link) => ({ ...ownLink, ...withoutOwner(link) })),
      routes: routes.map((route) => ({ ...ownRoute, ...withoutOwner(route) })),
      filters: filters.map(({ program: _, ...filter }) => ({ ...ownFilter, ...withoutOwner(filter) })),
    })
    this.#found.hasFolder = Object.keys(this.#found.files).length > 0
  }

  async problemWith({ kind }: Trial): Promise<string | undefined> {
    this.trials.push(kind)
    return this.problems[kind]
  }

  countersOf() {
    return noCounts
  }

  async droppingChains(): Promise<readonly string[]> {
    return this.chains
  }

  async lock(_signal?: AbortSignal): Promise<() => void> {
    this.locks += 1
    return () => {
      this.locks -= 1
    }
  }

  claimMonitor(): () => void {
    this.locks += 1
    return () => {
      this.locks -= 1
    }
  }

  leases() {
    return {}
  }

  /** Tells of every change, as a kernel does. */
  watch(onChange: () => void): () => void {
    this.#watchers.add(onChange)
    return () => this.#watchers.delete(onChange)
  }

  #notify(): void {
    for (const watcher of this.#watchers) watcher()
  }

  close(): void {}
}

/** A kernel does not know whose what is. */
function withoutOwner<One extends object>(one: One): One {
  const { owner: _, ...rest } = one as One & { readonly owner?: string }
  return rest as One
}

/** A clone of an error would have its text and not its code. */
function copyOf({ firewallProblem, ...rest }: Observation): Mutable<Observation> {
  return { ...(structuredClone(rest) as Mutable<typeof rest>), firewallProblem }
}
