/** The desired state of a host with some fans, and the part of what is found on it that is fanctl's to change. */
import { type Before, beforeFile, formatBefore, parseBefore } from '../config/before.js'
import { formatRecord, isRecord, recordName } from '../config/record.js'
import { acceptRedirects, desiredState, forwarding, type HostFacts, notedSysctls } from '../core/desired.js'
import { type Fan, fanSliceOf } from '../core/fan.js'
import { gatewayOf } from '../core/fan-map.js'
import { contains, type Prefix, samePrefix } from '../core/ipv4.js'
import { overheads } from '../core/mtu.js'
import { sharedTunnelName, tunnelName } from '../core/names.js'
import type { Address, Filter, Link, Route, State } from '../core/state.js'
import type { Found, FoundLink } from './host.js'

/** What a host should be like with exactly these fans. None of them: what it was like before the first. */
export function goalOf(unordered: readonly Fan[], found: Found): State {
  const fans = inOrder(unordered)
  const before = parseBefore(found.files, found.folder)
  if (fans.length === 0)
    return { ...desiredState([], factsOf(fans, found)), sysctls: toPutBack(before, found), files: {} }
  const desired = desiredState(fans, factsOf(fans, found))
  const noted: Before = {
    madeFolder: before?.madeFolder ?? !found.hasFolder,
    sysctls: before?.sysctls ?? changedBy(desired.sysctls, found.sysctls),
  }
  const records = fans.map((fan) => [recordName(fan.bridge), formatRecord(fan)])
  return { ...desired, files: { [beforeFile]: formatBefore(noted), ...Object.fromEntries(records) } }
}

/** The firewall's rules are compared in order, and an order must not depend on which fan came first. */
export function inOrder(fans: readonly Fan[]): Fan[] {
  return [...fans].sort((a, b) => (a.bridge < b.bridge ? -1 : 1))
}

/** What a fan changes, and what the kernel will change when forwarding is turned off again, in that order. */
function changedBy(wanted: State['sysctls'], found: State['sysctls']): Record<string, string> {
  const isChanged = (key: string) => wanted[key] !== found[key]
  const keys = notedSysctls.filter((key) => isChanged(key) && (key !== acceptRedirects || isChanged(forwarding)))
  return Object.fromEntries(keys.flatMap((key) => (found[key] === undefined ? [] : [[key, found[key]]])))
}

/** Forwarding stays on where other bridges need it by now: Docker and the like only turn it on, once. */
function toPutBack(before: Before | undefined, found: Found): Record<string, string> {
  const sysctls = { ...before?.sysctls }
  if (!found.links.some((link) => link.kind === 'bridge' && !link.ours)) return sysctls
  delete sysctls[forwarding]
  delete sysctls[acceptRedirects]
  return sysctls
}

/** What the last `down` says if it leaves forwarding on although a fan turned it on. */
export function forwardingWarnings(found: Found): string[] {
  const before = parseBefore(found.files, found.folder)
  const isKept = before?.sysctls[forwarding] !== undefined && toPutBack(before, found)[forwarding] === undefined
  return isKept ? ['net.ipv4.ip_forward stays 1: this host has other bridges, which need it'] : []
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

/** `others` are fans of which only this much is known. */
export function scopeOf(fans: readonly Fan[], others: readonly Pick<Fan, 'bridge' | 'overlay'>[] = []): Scope {
  const all = [...fans, ...others]
  return {
    links: new Set([sharedTunnelName, ...all.flatMap((fan) => [fan.bridge, tunnelName(fan.overlay)])]),
    overlays: all.map((fan) => fan.overlay),
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
  const { name, mtu, up, alias, sysctls } = link
  const common = { name, mtu, up, alias, sysctls }
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

/** The links on a fan's bridge that are not the fan's own: its containers. */
export function portsOf(fan: Pick<Fan, 'bridge' | 'overlay'>, found: Found): string[] {
  const own = new Set([sharedTunnelName, tunnelName(fan.overlay)])
  return found.links
    .filter((link) => link.master === fan.bridge && !(link.ours && own.has(link.name)))
    .map(({ name }) => name)
}
