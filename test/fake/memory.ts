/**
 * What a host in memory has, and what changes do to it: what was before is replaced by what is after. Stricter than a
 * kernel: making what is there, removing what is not, or changing from another value than the change says is an error.
 * What the kernel does by itself it does, too.
 */
import { isDeepStrictEqual } from 'node:util'
import { type Change, type LinkTraits, type ObjectKind, subjectOf } from '../../src/core/change.js'
import { acceptRedirects, forwarding } from '../../src/core/desired.js'
import type { Address, DhcpServer, Filter, Firewall, Link, Neighbour, Route } from '../../src/core/state.js'

/** A link with what all kinds of them have between them. */
export interface MemoryLink {
  readonly name: string
  readonly kind: string | undefined
  readonly altnames?: readonly string[]
  readonly mtu: number
  readonly up: boolean
  readonly alias?: string
  readonly bridge?: string | undefined
  readonly sysctls: Readonly<Record<string, string>>
  readonly clsact?: boolean
  readonly vnis?: readonly number[]
}

/** A state, or all that is found on a machine. */
export interface Memory {
  readonly links: readonly MemoryLink[]
  readonly addresses: readonly Address[]
  readonly routes: readonly Pick<Route, 'link' | 'prefix'>[]
  readonly neighbours: readonly Neighbour[]
  readonly filters: readonly Filter[]
  readonly sysctls: Readonly<Record<string, string>>
  readonly firewall?: Firewall | undefined
  readonly dhcpServers: readonly DhcpServer[]
  readonly files: Readonly<Record<string, string>>
}

type Perform<Kind extends ObjectKind> = (memory: Memory, change: Change<Kind>) => Partial<Memory>

const table: { readonly [Kind in ObjectKind]: Perform<Kind> } = {
  file: ({ files }, change) => ({
    files: withEntry(files, subjectOf(change).name, change.before?.text, change.after?.text),
  }),
  firewall: ({ firewall }, { before, after }) => {
    expectSame('the firewall', firewall?.text, before?.text)
    return { firewall: after }
  },
  sysctl: (memory, change) => {
    const { link } = change
    const key = subjectOf(change).key
    const changed = (all: Memory['sysctls']) => withEntry(all, key, change.before?.value, change.after?.value)
    if (link !== undefined) return changeLink(memory, link, ({ sysctls }) => ({ sysctls: changed(sysctls) }))
    return { sysctls: { ...changed(memory.sysctls), ...rewritten(key, change.after?.value, memory) } }
  },
  link: (memory, { link = '', after }) => {
    if (after) return { links: replaced(memory.links, [], [created(after)], ({ name }) => name) }
    linkNamed(memory, link)
    const isElsewhere = (one: { readonly link: string }) => one.link !== link
    return {
      links: memory.links.filter(({ name }) => name !== link),
      addresses: memory.addresses.filter(isElsewhere),
      filters: memory.filters.filter(isElsewhere),
      ...withoutWays(memory, link),
    }
  },
  name: (memory, { link: to = '', before }) => rename(memory, before?.name ?? '', to),
  traits: (memory, { link = '', before = {}, after = {} }) => {
    const { links } = changeLink(memory, link, (one) => withTraits(one, before, after, memory))
    return { links, ...(after.up === false && withoutWays(memory, link)) }
  },
  vni: (memory, { link = '', before, after }) =>
    changeLink(memory, link, ({ vnis }) => ({ vnis: replaced(vnis ?? [], listed(before), listed(after), String) })),
  clsact: (memory, { link = '', before = false, after = false }) => ({
    ...changeLink(memory, link, ({ clsact }) => {
      expectSame(`clsact of ${link}`, clsact, before)
      return { clsact: after }
    }),
    filters: memory.filters.filter((one) => after || one.link !== link),
  }),
  filter: (memory, { link = '', before, after }) => {
    if (after && !linkNamed(memory, link).clsact) throw new Error(`${link} has no clsact`)
    const keyOf = ({ direction, preference, handle, ...one }: Filter) =>
      `${one.link} ${direction} ${preference} ${handle}`
    return { filters: replaced(memory.filters, listed(before), listed(after), keyOf) }
  },
  address: (memory, { link = '', before, after }) => {
    linkNamed(memory, link)
    return { addresses: replaced(memory.addresses, listed(before), listed(after), keyOfRoute) }
  },
  routes: (memory, { link = '', before = [], after = [] }) => {
    if (after.length > 0 && !linkNamed(memory, link).up) throw new Error(`${link} is down`)
    const isConnected = (address: Address) =>
      after.some((route) => route.isConnected && route.link === address.link && route.source === address.prefix.address)
    return {
      routes: replaced(
        memory.routes,
        before,
        after.filter((route) => !route.isConnected),
        keyOfRoute,
      ),
      addresses: memory.addresses.map(({ isCut, ...rest }) =>
        isCut && !isConnected(rest) ? { ...rest, isCut } : rest,
      ),
    }
  },
  neighbours: (memory, { link = '', before = [], after = [] }) => {
    if (after.length > 0 && !linkNamed(memory, link).up) throw new Error(`${link} is down`)
    return {
      neighbours: replaced(memory.neighbours, before, after, (one) => `${one.link} ${one.address} ${one.mac}`),
    }
  },
  server: ({ dhcpServers }, { before, after }) => ({
    dhcpServers: replaced(dhcpServers, listed(before), listed(after), ({ bridge }) => bridge),
  }),
}

/** The memory after a change. Throws an Error for one that does not fit it. */
export function perform<Host extends Memory>(change: Change, memory: Host): Host {
  const work = table[change.object] as Perform<ObjectKind>
  return { ...memory, ...work(memory, change) }
}

/** What the creating messages bring, by kind. Everything else comes afterwards. */
const brought: { readonly [Kind in Link['kind']]: readonly string[] } = {
  bridge: ['kind', 'name', 'owner', 'mtu', 'alias', 'mac'],
  vxlan: ['kind', 'name', 'owner', 'mtu', 'alias', 'mac', 'port', 'fanMap'],
  ipip: ['kind', 'name', 'owner', 'mtu', 'alias', 'fanMap'],
}
const later: { readonly [Kind in Link['kind']]: Partial<MemoryLink> } = {
  bridge: { up: false, sysctls: {} },
  vxlan: { up: false, sysctls: {}, clsact: false, vnis: [] },
  ipip: { up: false, sysctls: {}, clsact: false },
}

/** A link as the creating messages leave it. A trait that nobody knows how it gets on a link is an error. */
function created(link: Link): MemoryLink {
  const known = [...brought[link.kind], ...Object.keys(later[link.kind]), 'bridge']
  const unknown = Object.keys(link).filter((key) => !known.includes(key))
  if (unknown.length > 0) throw new Error(`how does a ${link.kind} get ${unknown.join()}?`)
  const fields = Object.entries(link).filter(([key]) => brought[link.kind].includes(key))
  // The VNI of a link with a map is fixed when it is made.
  const fixed = link.kind === 'vxlan' && link.fanMap ? { vnis: link.vnis } : {}
  return { ...(Object.fromEntries(fields) as unknown as MemoryLink), ...later[link.kind], ...fixed }
}

function withTraits(link: MemoryLink, before: LinkTraits, after: LinkTraits, { links }: Memory): Partial<MemoryLink> {
  const now: Readonly<Record<string, unknown>> = { ...link, bridge: link.bridge ?? '', alias: link.alias ?? '' }
  for (const [key, value] of Object.entries(before)) expectSame(`${key} of ${link.name}`, now[key], value)
  if (after.bridge && !links.some(({ name }) => name === after.bridge))
    throw new Error(`there is no bridge ${after.bridge}`)
  // The kernel takes IPv6 away from a link whose MTU falls below 1280 bytes.
  const kept = Object.entries(link.sysctls).filter(
    ([key]) => (after.mtu ?? link.mtu) >= 1280 || !key.startsWith('net/ipv6/'),
  )
  return { ...after, sysctls: Object.fromEntries(kept) }
}

/** What needs the link up is gone, the rest goes by the new name. */
function rename(memory: Memory, from: string, to: string): Partial<Memory> {
  if (memory.links.some(({ name }) => name === to)) throw new Error(`${to} is there already`)
  linkNamed(memory, from)
  const renamed = <One extends { readonly link: string }>(all: readonly One[]) =>
    all.map((one) => (one.link === from ? { ...one, link: to } : one))
  const renamedKeys = (all: Memory['sysctls']) =>
    Object.fromEntries(Object.entries(all).map(([key, value]) => [key.replace(`/${from}/`, () => `/${to}/`), value]))
  return {
    links: memory.links.map((link) => {
      if (link.name !== from) return link.bridge === from ? { ...link, bridge: to } : link
      const altnames = link.altnames?.filter((name) => name !== to) ?? []
      return { ...link, name: to, altnames, up: false, sysctls: renamedKeys(link.sysctls) }
    }),
    addresses: renamed(memory.addresses),
    filters: renamed(memory.filters),
    ...withoutWays(memory, from),
  }
}

/** The kernel drops the routes and next hops of a link that goes down. */
function withoutWays({ routes, neighbours }: Memory, name: string): Pick<Memory, 'routes' | 'neighbours'> {
  return {
    routes: routes.filter(({ link }) => link !== name),
    neighbours: neighbours.filter(({ link }) => link !== name),
  }
}

/** What the kernel does by itself when forwarding changes (inet_forward_change in net/ipv4/devinet.c). */
function rewritten(key: string, value: string | undefined, { sysctls }: Memory): Record<string, string> {
  return key === forwarding && acceptRedirects in sysctls ? { [acceptRedirects]: value === '1' ? '0' : '1' } : {}
}

function linkNamed({ links }: Memory, name: string): MemoryLink {
  const link = links.find((one) => one.name === name)
  if (!link) throw new Error(`there is no link ${name}`)
  return link
}

function changeLink(memory: Memory, name: string, change: (link: MemoryLink) => Partial<MemoryLink>) {
  const link = linkNamed(memory, name)
  // A link that is on no bridge has none, whatever it is called then.
  const { bridge, ...rest } = { ...link, ...change(link) }
  const changed = bridge ? { ...rest, bridge } : rest
  return { links: memory.links.map((one) => (one === link ? changed : one)) }
}

function listed<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value]
}

const keyOfRoute = ({ link, prefix }: Pick<Route, 'link' | 'prefix'>) => `${link} ${prefix.address}/${prefix.length}`

/** `before` out and `after` in. What is there has to be like `before` in all that both have. */
function replaced<T>(all: readonly T[], before: readonly T[], after: readonly T[], keyOf: (one: T) => string): T[] {
  const left = new Map(all.map((one) => [keyOf(one), one]))
  for (const said of before) {
    const found = left.get(keyOf(said))
    if (found === undefined) throw new Error(`${keyOf(said)} is not there`)
    expectLike(keyOf(said), found, said)
    left.delete(keyOf(said))
  }
  for (const one of after) {
    if (left.has(keyOf(one))) throw new Error(`${keyOf(one)} is there already`)
    left.set(keyOf(one), one)
  }
  return [...left.values()]
}

/** What is known of a thing apart from how it is. */
const besides: readonly string[] = ['owner', 'program', 'isCut']

function expectLike(what: string, found: unknown, said: unknown): void {
  if (typeof found !== 'object' || typeof said !== 'object' || !found || !said) return
  const values: Readonly<Record<string, unknown>> = { ...found }
  for (const [key, value] of Object.entries(said))
    if (!besides.includes(key) && !isDeepStrictEqual(values[key], value))
      throw new Error(`${key} of ${what} is ${JSON.stringify(values[key])}, not ${JSON.stringify(value)}`)
}

function withEntry(
  all: Readonly<Record<string, string>>,
  name: string,
  before: string | undefined,
  after: string | undefined,
): Record<string, string> {
  // What the kernel rewrites is another value by the time.
  if (name !== acceptRedirects) expectSame(name, all[name], before)
  const { [name]: _, ...rest } = all
  return after === undefined ? rest : { ...rest, [name]: after }
}

function expectSame(what: string, found: unknown, said: unknown): void {
  if (found !== said) throw new Error(`${what} is ${String(found)}, and the change says ${String(said)}`)
}
