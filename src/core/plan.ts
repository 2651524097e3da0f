/**
 * From what a host should have and what it has to the steps between.
 *
 * There is one way to build: `change` brings what is there to what is wanted, and building from nothing is a change of
 * nothing. Taking down is the same steps backwards, so every step that `up` can do `down` can undo, and no other.
 * A change in place is preferred to a replacement: containers keep their connections.
 */
import { acceptRedirects, forwarding } from './desired.js'
import { networkOf, samePrefix } from './ipv4.js'
import { canBecome, prepareLink, startLink } from './plan-links.js'
import { changeRoutes, obsoleteRoutes } from './plan-routes.js'
import {
  type Address,
  type DhcpServer,
  type DhcpSettings,
  type Filter,
  type Firewall,
  type Link,
  nothing,
  type Route,
  type State,
} from './state.js'
import { invertAll, type Step, setFile } from './step.js'

/**
 * The steps that turn `actual` into `desired`, in the order in which they are safe to do. Empty when nothing is to do.
 *
 * Files come first and go last: they say what was asked for, so a run that is killed halfway can be finished.
 */
export function plan(desired: State, found: State): Step[] {
  const actual = withOwnNames(found)
  const obsolete = obsoleteIn(actual, desired)
  const remaining: State = {
    ...actual,
    links: without(actual.links, obsolete.links),
    addresses: without(actual.addresses, obsolete.addresses),
    routes: without(actual.routes, obsolete.routes),
    neighbours: without(actual.neighbours, obsolete.neighbours),
    filters: without(actual.filters, obsolete.filters),
    dhcpServers: without(actual.dhcpServers, obsolete.dhcpServers),
  }
  return [
    ...setFiles(desired, actual),
    ...found.links.flatMap(rename),
    ...invertAll(change(obsolete, nothing)),
    ...setFirewall(desired.firewall, actual.firewall),
    ...setSysctls(desired.sysctls, actual.sysctls),
    ...change(desired, remaining),
    ...dropFiles(desired, actual),
  ]
}

function rename({ name, givenName, isAltname }: Link): Step[] {
  if (givenName === undefined) return []
  return [{ kind: 'rename-link', from: givenName, to: name, ...(isAltname && { isAltname }) }]
}

/** What is left when links have their names back: they are down, and the kernel has dropped what needs them up. */
function withOwnNames(found: State): State {
  const renamed = new Set(found.links.filter((link) => link.givenName !== undefined).map(({ name }) => name))
  if (renamed.size === 0) return found
  return {
    ...found,
    links: found.links.map(({ givenName, isAltname: _, ...link }) =>
      givenName === undefined ? link : { ...link, up: false },
    ),
    routes: found.routes.filter(({ link }) => !renamed.has(link)),
    neighbours: found.neighbours.filter(({ link }) => !renamed.has(link)),
  }
}

function without<T>(all: readonly T[], some: readonly T[]): T[] {
  const gone = new Set(some)
  return all.filter((one) => !gone.has(one))
}

/** What of `actual` has to go, either because nothing wants it or because it cannot become what is wanted. */
function obsoleteIn(actual: State, desired: State): State {
  const links = actual.links.filter((link) => {
    const wanted = desired.links.find(({ name }) => name === link.name)
    return wanted === undefined || !canBecome(link, wanted)
  })
  const onObsolete = (name: string) => links.some((link) => link.name === name)
  const isRemade = (name: string) => isIn(desired.links, name) && !isIn(actual.links, name)
  return {
    ...nothing,
    links,
    addresses: actual.addresses.filter(
      (address) => onObsolete(address.link) || !desired.addresses.some((wanted) => sameAddress(wanted, address)),
    ),
    ...obsoleteRoutes(actual, desired, onObsolete),
    filters: actual.filters.filter(
      (filter) => onObsolete(filter.link) || !desired.filters.some((wanted) => samePlaceOfFilter(wanted, filter)),
    ),
    // dnsmasq hears by the number of its bridge, and one that is made again has another.
    dhcpServers: actual.dhcpServers.filter(
      (server) =>
        onObsolete(server.bridge) ||
        isRemade(server.bridge) ||
        !desired.dhcpServers.some((wanted) => sameServer(wanted, server)),
    ),
  }
}

function isIn(links: readonly Link[], name: string): boolean {
  return links.some((link) => link.name === name)
}

function sameAddress(a: Address, b: Address): boolean {
  return a.link === b.link && samePrefix(a.prefix, b.prefix)
}

function samePlaceOfFilter(a: Filter, b: Filter): boolean {
  return a.link === b.link && a.direction === b.direction && a.preference === b.preference && a.handle === b.handle
}

/** dnsmasq reads its configuration once, so any difference is another server. */
function sameServer(a: DhcpServer, b: DhcpServer): boolean {
  return a.bridge === b.bridge && a.running === b.running && sameSettings(a.settings, b.settings)
}

function sameSettings(a: DhcpSettings | undefined, b: DhcpSettings | undefined): boolean {
  return (
    a?.gateway === b?.gateway &&
    a?.netmask === b?.netmask &&
    a?.pool.first === b?.pool.first &&
    a?.pool.last === b?.pool.last &&
    a?.mtu === b?.mtu &&
    a?.leaseMax === b?.leaseMax
  )
}

/** Brings what is there to what is wanted. Whatever has to go is gone already. */
function change(wanted: State, found: State): Step[] {
  const links = wanted.links.map((link) => ({ link, current: found.links.find(({ name }) => name === link.name) }))
  return [
    ...links.flatMap(({ link, current }) => prepareLink(link, current)),
    ...wanted.filters.flatMap((filter) => setFilter(filter, found.filters)),
    ...wanted.addresses.flatMap((address) => setAddress(address, found.addresses)),
    // Bridges first: a tunnel is attached to one.
    ...links.filter(({ link }) => link.kind === 'bridge').flatMap(({ link, current }) => startLink(link, current)),
    ...links.filter(({ link }) => link.kind !== 'bridge').flatMap(({ link, current }) => startLink(link, current)),
    ...changeRoutes(wanted, found),
    ...wanted.dhcpServers
      .filter((server) => !found.dhcpServers.some((one) => sameServer(one, server)))
      .map((server): Step => ({ kind: 'start-dhcp', server })),
  ]
}

/** An address that has lost the route to its network gets that, and stays: others may hang on it. */
function setAddress(address: Address, found: readonly Address[]): Step[] {
  const current = found.find((one) => sameAddress(one, address))
  if (!current) return [{ kind: 'add-address', address }]
  if (!current.isCut || address.isCut) return []
  const { link, prefix } = address
  const route: Route = { prefix: networkOf(prefix), link, source: prefix.address, isConnected: true }
  return [{ kind: 'add-routes', link, routes: [route] }]
}

function setFilter(filter: Filter, found: readonly Filter[]): Step[] {
  const current = found.find((one) => samePlaceOfFilter(one, filter))
  if (!current) return [{ kind: 'add-filter', filter }]
  return current.name === filter.name ? [] : [{ kind: 'set-filter', from: current, to: filter }]
}

function setFirewall(wanted: Firewall | undefined, found: Firewall | undefined): Step[] {
  if (wanted?.rules.join() === found?.rules.join()) return []
  return [{ kind: 'set-firewall', from: found, to: wanted }]
}

/** In the order of `wanted`. What the kernel changes by itself when forwarding changes is set again after that. */
function setSysctls(wanted: State['sysctls'], found: State['sysctls']): Step[] {
  const isRewritten = (key: string) => key === acceptRedirects && wanted[forwarding] !== found[forwarding]
  return Object.entries(wanted)
    .filter(([key, to]) => found[key] !== to || isRewritten(key))
    .map(([key, to]) => ({ kind: 'set-sysctl', key, from: found[key], to }))
}

function setFiles(desired: State, actual: State): Step[] {
  return Object.entries(desired.files)
    .filter(([name, text]) => actual.files[name] !== text)
    .map(([name, to]) => setFile(name, actual.files[name], to))
}

function dropFiles(desired: State, actual: State): Step[] {
  return Object.entries(actual.files)
    .filter(([name]) => desired.files[name] === undefined)
    .map(([name, from]) => setFile(name, from, undefined))
}
