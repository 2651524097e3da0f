/** What of a host is fanctl's to change. */
import { beforeFile } from '../../config/before.js'
import { isRecord } from '../../config/record.js'
import { filtersFor } from '../../core/desired.js'
import { type Fan, fanSliceOf } from '../../core/fan.js'
import { gatewayOf } from '../../core/fan-map.js'
import { contains, type Prefix, samePrefix } from '../../core/ipv4.js'
import { tunnelName } from '../../core/names.js'
import type { Filter, Link, Route, State } from '../../core/state.js'
import { belongsTo, isOurs } from '../../core/steering/filters.js'
import { sharedTunnels } from '../../core/types/types.js'
import type { FoundLink, Observation } from '../ports/machine.js'

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
    links: new Set([...sharedTunnels, ...fans.flatMap((fan) => [fan.bridge, tunnelName(fan.overlay)])]),
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
export function actualOf(found: Observation, scope: Scope, known: readonly Fan[]): State {
  const links = found.links.filter((link) => link.ours && scope.links.has(link.name)).flatMap(toLink)
  const names = new Set(links.map(({ name }) => name))
  const tunnels = new Set(links.filter(({ kind }) => kind !== 'bridge').map(({ name }) => name))
  const has = (name: string) => names.has(name)
  const isTunnel = (name: string) => tunnels.has(name)
  const programs = filtersFor(known)
  return {
    links,
    addresses: found.addresses.filter(
      ({ link, prefix }) => has(link) && scope.addresses.some((one) => samePrefix(one, prefix)),
    ),
    routes: found.routes.flatMap(({ isStatic, source, ...route }): Route[] => {
      const isFans = isStatic && has(route.link) && scope.overlays.some((overlay) => isOf(overlay, route))
      const owner = known.find((fan) => isOf(fan.overlay, route))?.bridge
      return isFans && source !== undefined ? [{ ...route, source, owner }] : []
    }),
    neighbours: found.neighbours.filter(({ link }) => isTunnel(link)),
    filters: found.filters
      .filter((filter) => has(filter.link) && isOurs(filter))
      .map(({ programId: _, ...filter }): Filter => {
        const program = programs.find((one) => one.name === filter.name)?.program
        const owner = known.find((fan) => belongsTo(filter, fan))?.bridge
        return { ...filter, owner, ...(program && { program }) }
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
  const attached = link.bridge === undefined ? {} : { bridge: link.bridge }
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
