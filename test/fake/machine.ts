/** A host in memory: our own port, not the kernel's. It does what each step says, and can fail at any of them. */
import type { FoundLink, Machine, Observation, Trial } from '../../src/app/ports/machine.js'
import { afterCreation, unpinnedMtu } from '../../src/core/creation.js'
import { acceptRedirects, forwarding } from '../../src/core/desired.js'
import { FanError } from '../../src/core/errors.js'
import { ipv4, type Prefix, samePrefix } from '../../src/core/ipv4.js'
import type { Filter, Link, Neighbour, Route } from '../../src/core/state.js'
import { noCounts } from '../../src/core/steering/counters.js'
import type { LinkChange, Step } from '../../src/core/step.js'

/** Whether the failing step has happened when it fails: the answer can get lost after the kernel did it. */
export type Failure = { readonly at: number; readonly done: boolean } | undefined

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] extends readonly (infer One)[] ? One[] : T[Key] }

const nobody: Pick<
  FoundLink,
  'altnames' | 'master' | 'carrier' | 'port' | 'fanMap' | 'clsact' | 'vnis' | 'sysctls' | 'alias'
> = {
  altnames: [],
  master: '',
  carrier: true,
  port: undefined,
  fanMap: undefined,
  clsact: false,
  vnis: [],
  sysctls: {},
  alias: '',
}

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
  /** Steps that were asked for, in order. */
  readonly asked: Step[] = []
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

  async execute(step: Step): Promise<void> {
    const failure = this.failure?.at === this.asked.length ? this.failure : undefined
    this.asked.push(step)
    if (!failure || failure.done) this.#do(step)
    this.#notify()
    if (failure) throw new FanError('STEP_FAILED', { step: step.kind, problem: 'injected' })
  }

  #do(step: Step): void {
    const found = this.#found
    switch (step.kind) {
      case 'add-link':
        if (this.#find(step.link.name)) throw new Error(`${step.link.name} exists`)
        found.links.push(created(step.link))
        this.#change(step.link.name, afterCreation(step.link))
        break
      case 'del-link':
        this.#link(step.link.name)
        found.links = found.links.filter(({ name }) => name !== step.link.name)
        found.addresses = found.addresses.filter(({ link }) => link !== step.link.name)
        found.routes = found.routes.filter(({ link }) => link !== step.link.name)
        found.neighbours = found.neighbours.filter(({ link }) => link !== step.link.name)
        found.filters = found.filters.filter(({ link }) => link !== step.link.name)
        break
      case 'set-link':
        this.#change(step.name, step.to)
        break
      case 'rename-link':
        this.#rename(step.from, step.to)
        break
      case 'add-vni':
        this.#replace(step.link, { vnis: [...this.#link(step.link).vnis, step.vni] })
        break
      case 'del-vni':
        this.#replace(step.link, { vnis: this.#link(step.link).vnis.filter((vni) => vni !== step.vni) })
        break
      case 'add-clsact':
      case 'del-clsact':
        if (step.kind === 'del-clsact') found.filters = found.filters.filter(({ link }) => link !== step.link)
        this.#replace(step.link, { clsact: step.kind === 'add-clsact' })
        break
      case 'add-address':
        this.#link(step.address.link)
        found.addresses.push({ ...step.address })
        break
      case 'del-address':
        found.addresses = found.addresses.filter(
          ({ link, prefix }) => link !== step.address.link || !samePrefix(prefix, step.address.prefix),
        )
        break
      case 'add-routes':
        for (const route of step.routes) this.#addRoute(route)
        break
      case 'set-routes':
        for (const route of step.from) this.#delRoute(route)
        for (const route of step.to) this.#addRoute(route)
        break
      case 'del-routes':
        for (const route of step.routes) this.#delRoute(route)
        break
      case 'add-neighbours':
        for (const one of step.neighbours) this.#addNeighbour(one)
        break
      case 'del-neighbours':
        found.neighbours = found.neighbours.filter(
          (one) => !step.neighbours.some(({ link, address }) => one.link === link && one.address === address),
        )
        break
      case 'add-filter':
        this.#addFilter(step.filter)
        break
      case 'set-filter':
        this.#delFilter(step.from)
        this.#addFilter(step.to)
        break
      case 'del-filter':
        this.#delFilter(step.filter)
        break
      case 'set-sysctl': {
        const link = found.links.find(({ name }) => step.key.split('/')[3] === name && name !== 'all')
        if (link) this.#replace(link.name, { sysctls: { ...link.sysctls, [step.key]: step.to } })
        else found.sysctls = { ...found.sysctls, ...rewritten(step.key, step.to), [step.key]: step.to }
        break
      }
      case 'set-firewall':
        found.firewall = step.to
        break
      case 'start-dhcp':
        // One server a bridge: starting one ends the other.
        found.dhcpServers = [...found.dhcpServers.filter(({ bridge }) => bridge !== step.server.bridge), step.server]
        break
      case 'stop-dhcp':
        found.dhcpServers = found.dhcpServers.filter(({ bridge }) => bridge !== step.server.bridge)
        break
      case 'set-file': {
        const { [step.name]: _, ...others } = found.files
        found.files = step.to === undefined ? others : { ...others, [step.name]: step.to }
        found.hasFolder = Object.keys(found.files).length > 0
        break
      }
      default:
        step satisfies never
    }
  }

  /** As a kernel does it: what needs the link up is gone, the rest goes by the new name. */
  #rename(from: string, to: string): void {
    if (this.#find(to)) throw new Error(`${to} exists`)
    const altnames = this.#link(from).altnames.filter((name) => name !== to)
    this.#replace(from, { name: to, altnames, up: false })
    const found = this.#found
    found.routes = found.routes.filter(({ link }) => link !== from)
    found.neighbours = found.neighbours.filter(({ link }) => link !== from)
    const renamed = <One extends { readonly link: string }>(all: One[]) =>
      all.map((one) => (one.link === from ? { ...one, link: to } : one))
    found.addresses = renamed(found.addresses)
    found.filters = renamed(found.filters)
    found.links = found.links.map((link) => {
      const sysctls = Object.entries(link.sysctls).map(([key, value]) => [key.replace(`/${from}/`, `/${to}/`), value])
      const own = link.name === to ? { sysctls: Object.fromEntries(sysctls) } : {}
      return { ...link, ...own, master: link.master === from ? to : link.master }
    })
  }

  #addRoute(route: Route): void {
    if (!this.#link(route.link).up) throw new Error(`${route.link} is down`)
    if (route.isConnected) this.#connect(route)
    else this.#found.routes.push({ ...route, isStatic: true })
  }

  #connect({ link, source }: Route): void {
    this.#found.addresses = this.#found.addresses.map((one) =>
      one.link === link && one.prefix.address === source ? { link, prefix: one.prefix } : one,
    )
  }

  #delRoute(route: Route): void {
    this.#found.routes = this.#found.routes.filter(
      ({ link, prefix }) => link !== route.link || !samePrefix(prefix, route.prefix),
    )
  }

  #addNeighbour(neighbour: Neighbour): void {
    if (!this.#link(neighbour.link).up) throw new Error(`${neighbour.link} is down`)
    this.#found.neighbours.push(neighbour)
  }

  #addFilter(filter: Filter): void {
    if (!filter.program) throw new Error(`${filter.name} has no program`)
    if (!this.#link(filter.link).clsact) throw new Error(`${filter.link} has no clsact`)
    const { program: _, ...rest } = filter
    this.#found.filters.push({ ...rest, programId: 1 })
  }

  #delFilter(filter: Filter): void {
    this.#found.filters = this.#found.filters.filter(
      (one) => one.link !== filter.link || one.direction !== filter.direction || one.handle !== filter.handle,
    )
  }

  #change(name: string, { bridge, ...change }: LinkChange): void {
    this.#replace(name, { ...change, ...(bridge !== undefined && { master: bridge }) })
    // A link with a smaller MTU has no IPv6, and no settings for it.
    if ((change.mtu ?? 1280) < 1280)
      this.#replace(name, {
        sysctls: Object.fromEntries(Object.entries(this.#link(name).sysctls).filter(([key]) => !key.includes('ipv6'))),
      })
    // The kernel drops the routes and next hops of a link that goes down.
    if (change.up !== false) return
    this.#found.routes = this.#found.routes.filter(({ link }) => link !== name)
    this.#found.neighbours = this.#found.neighbours.filter(({ link }) => link !== name)
  }

  #replace(name: string, traits: Partial<FoundLink>): void {
    const link = this.#link(name)
    this.#found.links = this.#found.links.map((one) => (one === link ? { ...one, ...traits } : one))
  }

  #find(name: string): FoundLink | undefined {
    return this.#found.links.find((link) => link.name === name)
  }

  #link(name: string): FoundLink {
    const link = this.#find(name)
    if (!link) throw new Error(`there is no link ${name}`)
    return link
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

/** A clone of an error would have its text and not its code. */
function copyOf({ firewallProblem, ...rest }: Observation): Mutable<Observation> {
  return { ...(structuredClone(rest) as Mutable<typeof rest>), firewallProblem }
}

/** What the kernel does by itself when forwarding changes (inet_forward_change in net/ipv4/devinet.c). */
function rewritten(key: string, value: string): Record<string, string> {
  return key === forwarding ? { [acceptRedirects]: value === '1' ? '0' : '1' } : {}
}

function created(link: Link): FoundLink {
  return {
    ...nobody,
    name: link.name,
    kind: link.kind,
    ours: true,
    mac: link.kind === 'ipip' ? undefined : link.mac,
    mtu: link.kind === 'bridge' ? unpinnedMtu(link.mtu) : link.mtu,
    up: false,
    port: link.kind === 'vxlan' ? link.port : undefined,
    fanMap: link.kind === 'bridge' ? undefined : link.fanMap,
    vnis: link.kind === 'vxlan' && link.fanMap ? link.vnis : [],
  }
}
