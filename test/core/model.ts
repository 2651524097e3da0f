/**
 * A host in memory that does steps on a state. Stricter than a kernel: adding what is there, removing what is not,
 * removing what something still hangs on, or changing from another value than the step says is an error.
 */
import type { Filter, Link, State } from '../../src/core/state.js'
import { type LinkChange, linkOf, type Step } from '../../src/core/step.js'

export function performAll(steps: readonly Step[], state: State): State {
  return steps.reduce((now, step) => perform(step, now), state)
}

export function perform(step: Step, state: State): State {
  switch (step.kind) {
    case 'add-link':
      return { ...state, links: add(state.links, created(step.link), (link) => link.name) }
    case 'del-link':
      expectBare(step.link.name, state)
      return { ...state, links: remove(state.links, step.link, (link) => link.name) }
    case 'set-link':
      return changeLink(state, step.name, (link) => withChange(link, step.from, step.to, state))
    case 'add-vni':
      return changeVxlan(state, step.link, (vnis) => add(vnis, step.vni, String))
    case 'del-vni':
      return changeVxlan(state, step.link, (vnis) => remove(vnis, step.vni, String))
    case 'add-clsact':
      return changeLink(state, step.link, (link) => withClsact(link, false, true))
    case 'del-clsact':
      return changeLink(state, step.link, (link) => withClsact(link, true, false))
    case 'add-address':
      return { ...state, addresses: add(state.addresses, step.address, JSON.stringify) }
    case 'del-address':
      return { ...state, addresses: remove(state.addresses, step.address, JSON.stringify) }
    case 'add-routes':
      return { ...state, routes: addAll(state.routes, step.routes) }
    case 'del-routes':
      return { ...state, routes: removeAll(state.routes, step.routes) }
    case 'set-routes':
      return { ...state, routes: addAll(removeAll(state.routes, step.from), step.to) }
    case 'add-neighbours':
      return { ...state, neighbours: addAll(state.neighbours, step.neighbours) }
    case 'del-neighbours':
      return { ...state, neighbours: removeAll(state.neighbours, step.neighbours) }
    case 'add-filter':
      return { ...state, filters: add(state.filters, step.filter, filterKey) }
    case 'del-filter':
      return { ...state, filters: remove(state.filters, step.filter, filterKey) }
    case 'set-filter':
      return { ...state, filters: add(remove(state.filters, step.from, filterKey), step.to, filterKey) }
    case 'set-sysctl':
      return setSysctl(state, step)
    case 'set-firewall': {
      expectSame('the firewall', state.firewall?.text, step.from?.text)
      const { firewall: _, ...rest } = state
      return step.to ? { ...rest, firewall: step.to } : rest
    }
    case 'start-dhcp':
      return { ...state, dhcpServers: add(state.dhcpServers, step.server, (server) => server.bridge) }
    case 'stop-dhcp':
      return { ...state, dhcpServers: remove(state.dhcpServers, step.server, (server) => server.bridge) }
    // The model's links are never seen under other names.
    case 'rename-link':
      throw new Error(`${step.to} has its name`)
    case 'set-file': {
      expectSame(step.name, state.files[step.name], step.from)
      const { [step.name]: _, ...rest } = state.files
      return { ...state, files: step.to === undefined ? rest : { ...rest, [step.name]: step.to } }
    }
    default:
      return step satisfies never
  }
}

/** A state whose lists have one order, so that equal states compare as equal. */
export function sorted(state: State): State {
  const byText = <T>(all: readonly T[]) => [...all].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  return {
    ...state,
    links: byText(state.links.map((link) => (link.kind === 'vxlan' ? { ...link, vnis: byText(link.vnis) } : link))),
    addresses: byText(state.addresses),
    routes: byText(state.routes),
    neighbours: byText(state.neighbours),
    // A name has a digest of the program in it.
    filters: byText(state.filters.map(({ program: _, ...filter }) => filter)),
    dhcpServers: byText(state.dhcpServers),
  }
}

function add<T>(all: readonly T[], one: T, keyOf: (item: T) => string): T[] {
  if (all.some((other) => keyOf(other) === keyOf(one))) throw new Error(`${keyOf(one)} is there already`)
  return [...all, one]
}

function remove<T>(all: readonly T[], one: T, keyOf: (item: T) => string): T[] {
  if (!all.some((other) => keyOf(other) === keyOf(one))) throw new Error(`${keyOf(one)} is not there`)
  return all.filter((other) => keyOf(other) !== keyOf(one))
}

function addAll<T>(all: readonly T[], some: readonly T[]): T[] {
  return some.reduce((now: readonly T[], one) => add(now, one, JSON.stringify), all) as T[]
}

function removeAll<T>(all: readonly T[], some: readonly T[]): T[] {
  return some.reduce((now: readonly T[], one) => remove(now, one, JSON.stringify), all) as T[]
}

const filterKey = ({ link, direction, preference, handle }: Filter) => `${link} ${direction} ${preference} ${handle}`

function created(link: Link): Link {
  const { bridge: _, ...rest } = link
  const bare = { ...rest, up: false, sysctls: {} }
  if (bare.kind === 'bridge') return bare
  if (bare.kind === 'ipip') return { ...bare, clsact: false }
  return { ...bare, vnis: bare.fanMap ? bare.vnis : [], clsact: false }
}

function expectBare(name: string, { links, addresses, routes, neighbours, filters, dhcpServers }: State): void {
  const hanging = [...addresses, ...routes, ...neighbours, ...filters].some((one) => one.link === name)
  if (hanging || dhcpServers.some(({ bridge }) => bridge === name)) throw new Error(`something still hangs on ${name}`)
  if (links.some((link) => link.bridge === name)) throw new Error(`${name} still has a port`)
}

function changeLink(state: State, name: string, change: (link: Link) => Link): State {
  if (!state.links.some((link) => link.name === name)) throw new Error(`there is no link ${name}`)
  return { ...state, links: state.links.map((link) => (link.name === name ? change(link) : link)) }
}

function withChange(link: Link, from: LinkChange, to: LinkChange, { links }: State): Link {
  const { bridge = '', alias = '', ...rest } = link
  const flat = { ...rest, bridge, alias }
  for (const key of ['mac', 'mtu', 'alias', 'bridge', 'up'] as const)
    if (key in from)
      expectSame(`${key} of ${link.name}`, key === 'mac' ? ('mac' in flat ? flat.mac : '') : flat[key], from[key])
  if (to.bridge && !links.some(({ name }) => name === to.bridge)) throw new Error(`there is no bridge ${to.bridge}`)
  const changed = { ...flat, ...to }
  const { bridge: attached, sysctls, ...free } = changed
  // The kernel takes IPv6 away from a link whose MTU falls below 1280 bytes.
  const kept = Object.entries(sysctls).filter(([key]) => changed.mtu >= 1280 || !key.startsWith('net/ipv6/'))
  const whole = { ...free, sysctls: Object.fromEntries(kept) }
  return attached === '' ? whole : { ...whole, bridge: attached }
}

function withClsact(link: Link, from: boolean, to: boolean): Link {
  if (link.kind === 'bridge') throw new Error(`${link.name} is no tunnel`)
  expectSame(`clsact of ${link.name}`, link.clsact, from)
  return { ...link, clsact: to }
}

function changeVxlan(state: State, name: string, change: (vnis: readonly number[]) => number[]): State {
  return changeLink(state, name, (link) => {
    if (link.kind !== 'vxlan') throw new Error(`${name} has no VNIs`)
    return { ...link, vnis: change(link.vnis) }
  })
}

function setSysctl(state: State, step: Extract<Step, { kind: 'set-sysctl' }>): State {
  const { key, from, to } = step
  const name = linkOf(step)
  if (name === undefined || name === 'all') {
    expectSame(key, state.sysctls[key], from)
    return { ...state, sysctls: { ...state.sysctls, [key]: to } }
  }
  return changeLink(state, name, (link) => {
    expectSame(key, link.sysctls[key], from)
    return { ...link, sysctls: { ...link.sysctls, [key]: to } }
  })
}

function expectSame(what: string, found: unknown, said: unknown): void {
  if (found !== said) throw new Error(`${what} is ${String(found)}, and the step says ${String(said)}`)
}
