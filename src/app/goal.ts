/** The desired state of a host with some fans, and the part of what is found on it that is fanctl's to change. */
import { beforeFile } from '../config/before.js'
import { formatRecord, isRecord, recordName } from '../config/record.js'
import { desiredState, type HostFacts } from '../core/desired.js'
import { type Fan, fanSliceOf } from '../core/fan.js'
import { gatewayOf } from '../core/fan-map.js'
import { contains, type Prefix, samePrefix } from '../core/ipv4.js'
import { overheads } from '../core/mtu.js'
import { sharedTunnelName, tunnelName } from '../core/names.js'
import { plan } from '../core/plan.js'
import type { Address, Filter, Link, Route, State } from '../core/state.js'
import { linkOf, type Step } from '../core/step.js'
import type { Found, FoundLink } from './host.js'
import { newerBefore, noteOf, toPutBack } from './host-before.js'
import { type BrokenFan, seenIn } from './known.js'
import { bridgesOf } from './marks.js'
import { ownLinksOf } from './seen.js'

/**
 * What a host should be like with exactly these fans. None of them: what it was like before the first. What `broken` ones
 * share with others stays, and their records, too.
 */
export function goalOf(fans: readonly Fan[], found: Found, broken: readonly BrokenFan[] = []): State {
  const all = inOrder([...fans, ...seenIn(broken)])
  const desired = desiredState(all, factsOf(all, found))
  if (fans.length + broken.length === 0) return { ...desired, sysctls: toPutBack(found), files: newerBefore(found) }
  const kept = broken.map(({ file }) => [file, found.files[file] ?? ''])
  const records = fans.map((fan) => [recordName(fan.bridge), formatRecord(fan)])
  const before = { [beforeFile]: noteOf(desired.sysctls, found) }
  return { ...desired, files: { ...before, ...Object.fromEntries([...kept, ...records]) } }
}

/**
 * The steps to a goal, but for those on what broken fans have for themselves: nobody knows how that should be.
 */
export function stepsTo(goal: State, actual: State, broken: readonly BrokenFan[]): Step[] {
  const spared = new Set(broken.flatMap(({ bridge, seen }) => [bridge, ...(seen ? ownLinksOf(seen) : [])]))
  return plan(goal, actual).filter((step) => !spared.has(linkOf(step) ?? ''))
}

/** The firewall's rules are compared in order, and an order must not depend on which fan came first. */
export function inOrder(fans: readonly Fan[]): Fan[] {
  return [...fans].sort((a, b) => (a.bridge < b.bridge ? -1 : 1))
}

function factsOf(fans: readonly Fan[], found: Found): HostFacts {
  return {
    ipv6: found.ipv6,
    firewall: found.firewallProblem === undefined,
    underlayMtus: Object.fromEntries(fans.map((fan) => [fan.host, underlayMtuOf(fan, found)])),
  }
}

/** In bytes. A fan whose underlay address is gone keeps the MTU that it has. */
export function underlayMtuOf(fan: Fan, found: Found): number {
  const link = found.addresses.find((address) => address.prefix.address === fan.host)?.link
  const mtu = found.links.find(({ name }) => name === link)?.mtu
  const current = found.links.find(({ name }) => name === fan.bridge)?.mtu ?? 1500 - overheads[fan.encapsulation]
  return mtu ?? current + overheads[fan.encapsulation]
}

/**
 * What fanctl may look at: the links that some fans have or may have had, and what fanctl puts on them. Addresses and
 * routes that somebody else adds to a bridge are theirs.
 */
export interface Scope {
  readonly links: ReadonlySet<string>
  readonly overlays: readonly Prefix[]
  /** Of bridges, by any type and steering. */
  readonly addresses: readonly Prefix[]
}

export function scopeOf(fans: readonly Fan[]): Scope {
  return {
    links: new Set([sharedTunnelName, ...fans.flatMap((fan) => [fan.bridge, tunnelName(fan.overlay)])]),
    overlays: fans.map((fan) => fan.overlay),
    addresses: fans.flatMap((fan) => {
      const slice = fanSliceOf(fan)
      return [slice.length, fan.overlay.length].map((length) => ({ address: gatewayOf(slice), length }))
    }),
  }
}

/**
 * What of a host is fanctl's: marked links within the scope and what is on them. `known` are the fans whose programs
 * can be made again, so that a deletion can be undone.
 */
export function actualOf(found: Found, scope: Scope, known: readonly Fan[]): State {
  const links = found.links.filter((link) => link.ours && scope.links.has(link.name)).flatMap(toLink)
  const names = new Set(links.map(({ name }) => name))
  const tunnels = new Set(links.filter(({ kind }) => kind !== 'bridge').map(({ name }) => name))
  const isOurs = (name: string) => names.has(name)
  const isTunnel = (name: string) => tunnels.has(name)
  const programs = known.length > 0 ? desiredState(known, factsOf(known, found)).filters : []
  return {
    links,
    addresses: found.addresses.filter(
      (address): address is Address & typeof address =>
        isOurs(address.link) && scope.addresses.some((one) => samePrefix(one, address.prefix)),
    ),
    routes: found.routes.flatMap(({ isStatic, source, ...route }): Route[] => {
      const isFans = isStatic && isOurs(route.link) && scope.overlays.some((overlay) => isOf(overlay, route))
      return isFans && source !== undefined ? [{ ...route, source }] : []
    }),
    neighbours: found.neighbours.filter(({ link }) => isTunnel(link)),
    filters: found.filters
      .filter((filter) => isOurs(filter.link) && filter.name.startsWith('fan_'))
      .map(({ programId: _, ...filter }): Filter => {
        const program = programs.find((one) => one.name === filter.name)?.program
        return program ? { ...filter, program } : filter
      }),
    sysctls: found.sysctls,
    ...(found.firewall && { firewall: found.firewall }),
    dhcpServers: found.dhcpServers.filter((server) => scope.links.has(server.bridge)),
    files: Object.fromEntries(Object.entries(found.files).filter(([name]) => name === beforeFile || isRecord(name))),
  }
}

/** A route for all of an overlay, or one to another host of it. */
function isOf(overlay: Prefix, { prefix, encap }: Pick<Route, 'prefix' | 'encap'>): boolean {
  return samePrefix(overlay, prefix) || (encap !== undefined && contains(overlay, prefix.address))
}

function toLink(link: FoundLink): Link[] {
  const { name, givenName, mtu, up, alias, sysctls } = link
  const stray = { givenName, ...(link.altnames.includes(name) && { isAltname: true as const }) }
  const common = { name, mtu, up, alias, sysctls, ...(givenName !== undefined && { ...stray, givenName }) }
  const map = link.fanMap ? { fanMap: link.fanMap } : {}
  const attached = link.master === '' ? {} : { bridge: link.master }
  switch (link.kind) {
    case 'bridge':
      return [{ ...common, kind: 'bridge', mac: link.mac ?? '' }]
    case 'vxlan': {
      const { vnis, clsact } = link
      return [
        { ...common, ...attached, ...map, kind: 'vxlan', mac: link.mac ?? '', port: link.port ?? 0, vnis, clsact },
      ]
    }
    case 'ipip':
      return [{ ...common, ...attached, ...map, kind: 'ipip', clsact: link.clsact }]
    default:
      return []
  }
}

/** The links on a fan's bridge that fanctl did not make: its containers. */
export function portsOf(fan: Pick<Fan, 'bridge'>, found: Found): string[] {
  const bridges = bridgesOf(fan, found)
  return found.links.filter((link) => bridges.includes(link.master) && !link.ours).map(({ name }) => name)
}
