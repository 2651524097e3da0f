/** The desired state of a host with some fans, and the part of what is found on it that is fanctl's to change. */
import { type Before, beforeFile, formatBefore, parseBefore } from '../config/before.js'
import { formatRecord, isRecord, recordName } from '../config/record.js'
import { desiredState, type HostFacts } from '../core/desired.js'
import type { Fan } from '../core/fan.js'
import { contains, type Prefix } from '../core/ipv4.js'
import { overheads } from '../core/mtu.js'
import { sharedTunnelName, tunnelName } from '../core/names.js'
import type { Address, Filter, Link, Route, State } from '../core/state.js'
import type { Found, FoundLink } from './host.js'

/** What a host should be like with exactly these fans. None of them: what it was like before the first. */
export function goalOf(unordered: readonly Fan[], found: Found): State {
  // The firewall's rules are compared in order, and an order must not depend on which fan came first.
  const fans = [...unordered].sort((a, b) => (a.bridge < b.bridge ? -1 : 1))
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

function changedBy(wanted: State['sysctls'], found: State['sysctls']): Record<string, string> {
  return Object.fromEntries(Object.entries(found).filter(([key, value]) => wanted[key] !== value))
}

/** Forwarding stays on where other bridges need it by now: Docker and the like only turn it on, once. */
function toPutBack(before: Before | undefined, found: Found): Record<string, string> {
  const sysctls = { ...before?.sysctls }
  if (found.links.some((link) => link.kind === 'bridge' && !link.ours)) delete sysctls['net/ipv4/ip_forward']
  return sysctls
}

/** Whether the last `down` leaves forwarding on although a fan turned it on. */
export function keepsForwarding(found: Found): boolean {
  const before = parseBefore(found.files, found.folder)?.sysctls['net/ipv4/ip_forward']
  return (
    before !== undefined &&
    toPutBack(parseBefore(found.files, found.folder), found)['net/ipv4/ip_forward'] === undefined
  )
}

function factsOf(fans: readonly Fan[], found: Found): HostFacts {
  return {
    ipv6: found.ipv6,
    firewall: found.firewallProblem === undefined,
    underlayMtus: Object.fromEntries(fans.map((fan) => [fan.host, underlayMtuOf(fan, found)])),
  }
}

/** A fan whose underlay address is gone keeps the MTU that it has. */
function underlayMtuOf(fan: Fan, found: Found): number {
  const link = found.addresses.find((address) => address.prefix.address === fan.host)?.link
  const mtu = found.links.find(({ name }) => name === link)?.mtu
  const current = found.links.find(({ name }) => name === fan.bridge)?.mtu ?? 1500 - overheads[fan.encapsulation]
  return mtu ?? current + overheads[fan.encapsulation]
}

/** What fanctl may look at: the links that some fans have or may have had, and the overlays on them. */
export interface Scope {
  readonly links: ReadonlySet<string>
  readonly overlays: readonly Prefix[]
}

export function scopeOf(fans: readonly Pick<Fan, 'bridge' | 'overlay'>[]): Scope {
  return {
    links: new Set([sharedTunnelName, ...fans.flatMap((fan) => [fan.bridge, tunnelName(fan.overlay)])]),
    overlays: fans.map((fan) => fan.overlay),
  }
}

/**
 * What of a host is fanctl's: marked links within the scope and what is on them. `known` are the fans whose programs
 * can be made again, so that a deletion can be undone.
 */
export function actualOf(found: Found, scope: Scope, known: readonly Fan[]): State {
  const links = found.links.filter((link) => link.ours && scope.links.has(link.name)).flatMap(toLink)
  const isOurs = (name: string) => links.some((link) => link.name === name)
  const programs = known.length > 0 ? desiredState(known, factsOf(known, found)).filters : []
  return {
    links,
    addresses: found.addresses.filter(
      (address): address is Address & typeof address =>
        isOurs(address.link) && scope.overlays.some((overlay) => contains(overlay, address.prefix.address)),
    ),
    routes: found.routes.flatMap((route): Route[] => {
      const { prefix, link, source, connected } = route
      const isFans = scope.overlays.some((overlay) => contains(overlay, prefix.address) && prefix.length > 0)
      return !connected && source !== undefined && isOurs(link) && isFans ? [{ prefix, link, source }] : []
    }),
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

function toLink(link: FoundLink): Link[] {
  const { name, mtu, up, alias, sysctls } = link
  const common = { name, mtu, up, alias, sysctls }
  const attached = link.master === '' ? {} : { bridge: link.master }
  switch (link.kind) {
    case 'bridge':
      return [{ ...common, kind: 'bridge', mac: link.mac ?? '' }]
    case 'vxlan': {
      const { vnis, clsact } = link
      return [{ ...common, ...attached, kind: 'vxlan', mac: link.mac ?? '', port: link.port ?? 0, vnis, clsact }]
    }
    case 'ipip':
      return [{ ...common, ...attached, kind: 'ipip', clsact: link.clsact }]
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
