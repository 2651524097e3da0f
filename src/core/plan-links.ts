/** The steps for one link: first everything but traffic, then that. */

import { samePrefix } from './ipv4.js'
import { macRoleOf } from './mac.js'
import type { Link, LinkMap } from './state.js'
import type { LinkChange, Step } from './step.js'

/**
 * The kind of a link, the port of a vxlan link and the map of a tunnel are fixed when it is made. A tunnel that is to be
 * routed and no port of its bridge any more, or the other way round, is made anew with its settings; its hardware
 * address tells the two apart.
 */
export function canBecome(link: Link, wanted: Link): boolean {
  if (link.kind === 'bridge' || wanted.kind === 'bridge') return link.kind === wanted.kind
  if (!sameMap(link.fanMap, wanted.fanMap)) return false
  if (link.kind !== 'vxlan' || wanted.kind !== 'vxlan') return link.kind === wanted.kind
  if (link.fanMap && link.vnis.join() !== wanted.vnis.join()) return false
  const role = macRoleOf(link.mac)
  return link.port === wanted.port && (role === undefined || role === macRoleOf(wanted.mac))
}

function sameMap(a: LinkMap | undefined, b: LinkMap | undefined): boolean {
  if (!a || !b) return a === b
  return a.local === b.local && samePrefix(a.overlay, b.overlay) && samePrefix(a.underlay, b.underlay)
}

/** A link as adding it leaves it. */
function asCreated(link: Link): Link {
  const { bridge: _, ...rest } = link
  const bare = { ...rest, up: false, sysctls: {} }
  if (bare.kind === 'bridge') return bare
  if (bare.kind === 'ipip') return { ...bare, clsact: false }
  return { ...bare, vnis: bare.fanMap ? bare.vnis : [], clsact: false }
}

/** Everything about a link but its being up: traffic starts when all else is in place. */
export function prepareLink(link: Link, current: Link | undefined): Step[] {
  const from = current ?? asCreated(link)
  return [
    ...(current ? [] : [{ kind: 'add-link', link } as const]),
    ...changeLink(link.name, traitsOf(link), traitsOf(from)),
    ...Object.entries(link.sysctls)
      .filter(([key, value]) => from.sysctls[key] !== value)
      .map(([key, to]): Step => ({ kind: 'set-sysctl', key, from: from.sysctls[key], to })),
    ...setVnis(link, from),
    ...setClsact(link, from),
  ]
}

function setClsact(link: Link, from: Link): Step[] {
  if (!isTunnel(link) || !isTunnel(from) || link.clsact === from.clsact) return []
  return [{ kind: link.clsact ? 'add-clsact' : 'del-clsact', link: link.name }]
}

/** Attaches a tunnel to its bridge and starts traffic. */
export function startLink(link: Link, current: Link | undefined): Step[] {
  return changeLink(link.name, attachmentOf(link), attachmentOf(current ?? asCreated(link)))
}

function traitsOf(link: Link): LinkChange {
  return { mtu: link.mtu, alias: link.alias ?? '', ...(link.kind !== 'ipip' && { mac: link.mac }) }
}

function attachmentOf(link: Link): LinkChange {
  return { ...(isTunnel(link) && { bridge: link.bridge ?? '' }), up: link.up }
}

function isTunnel(link: Link): link is Exclude<Link, { kind: 'bridge' }> {
  return link.kind !== 'bridge'
}

function changeLink(name: string, wanted: LinkChange, found: LinkChange): Step[] {
  const keys = (Object.keys(wanted) as (keyof LinkChange)[]).filter((key) => wanted[key] !== found[key])
  if (keys.length === 0) return []
  const only = (all: LinkChange): LinkChange => Object.fromEntries(keys.map((key) => [key, all[key]]))
  return [{ kind: 'set-link', name, from: only(found), to: only(wanted) }]
}

function setVnis(link: Link, from: Link): Step[] {
  if (link.kind !== 'vxlan' || from.kind !== 'vxlan') return []
  return [
    ...link.vnis
      .filter((vni) => !from.vnis.includes(vni))
      .map((vni): Step => ({ kind: 'add-vni', link: link.name, vni })),
    ...from.vnis
      .filter((vni) => !link.vnis.includes(vni))
      .map((vni): Step => ({ kind: 'del-vni', link: link.name, vni })),
  ]
}
