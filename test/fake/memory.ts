/**
 * What a host in memory has, and what changes do to it: what was before is replaced by what is after. Stricter than a
 * kernel: making what is there, removing what is not, or changing from another value than the change says is an error.
 * What the kernel does by itself it does, too.
 */
import { type Change, type LinkTraits, type ObjectKind, subjectOf } from '../../src/core/change.js'
import { acceptRedirects, forwarding } from '../../src/core/desired.js'
import type { Address, DhcpServer, Filter, Firewall, Neighbour, Route } from '../../src/core/state.js'
import { created, type MemoryLink } from './links.js'
import { expectSame, listed, replaced, withEntry } from './replace.js'

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
    // What the kernel rewrites is another value by the time.
    const changed = (all: Memory['sysctls']) =>
      withEntry(all, key, key === acceptRedirects ? all[key] : change.before?.value, change.after?.value)
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

const keyOfRoute = ({ link, prefix }: Pick<Route, 'link' | 'prefix'>) => `${link} ${prefix.address}/${prefix.length}`
