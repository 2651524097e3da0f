/** The changes of one link: first everything but traffic, then that. */
import type { Change, LinkTraits } from './change.js'
import { samePrefix } from './ipv4.js'
import { macRoleOf } from './mac.js'
import { changeSysctl } from './objects/sysctl.js'
import type { Link, LinkMap } from './state.js'

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
export function prepareLink(link: Link, current: Link | undefined): Change[] {
  const { name } = link
  const from = current ?? asCreated(link)
  return [
    ...(current ? [] : [{ object: 'link', link: name, after: link } as const]),
    ...changeTraits(name, traitsOf(link), traitsOf(from)),
    ...Object.entries(link.sysctls)
      .filter(([key, value]) => from.sysctls[key] !== value)
      .map(([key, value]) => changeSysctl(key, value, from.sysctls[key], name)),
    ...changeVnis(link, from),
    ...changeClsact(link, from),
  ]
}

function changeClsact(link: Link, from: Link): Change[] {
  if (!isTunnel(link) || !isTunnel(from) || link.clsact === from.clsact) return []
  const common = { object: 'clsact', link: link.name } as const
  return [link.clsact ? { ...common, after: true } : { ...common, before: true }]
}

/** Attaches a tunnel to its bridge and starts traffic. */
export function startLink(link: Link, current: Link | undefined): Change[] {
  return changeTraits(link.name, attachmentOf(link), attachmentOf(current ?? asCreated(link)))
}

function traitsOf(link: Link): LinkTraits {
  return { mtu: link.mtu, alias: link.alias ?? '', ...(link.kind !== 'ipip' && { mac: link.mac }) }
}

function attachmentOf(link: Link): LinkTraits {
  return { ...(isTunnel(link) && { bridge: link.bridge ?? '' }), up: link.up }
}

function isTunnel(link: Link): link is Exclude<Link, { kind: 'bridge' }> {
  return link.kind !== 'bridge'
}

function changeTraits(link: string, wanted: LinkTraits, found: LinkTraits): Change[] {
  const keys = (Object.keys(wanted) as (keyof LinkTraits)[]).filter((key) => wanted[key] !== found[key])
  if (keys.length === 0) return []
  const only = (all: LinkTraits): LinkTraits => Object.fromEntries(keys.map((key) => [key, all[key]]))
  return [{ object: 'traits', link, before: only(found), after: only(wanted) }]
}

function changeVnis(link: Link, from: Link): Change[] {
  if (link.kind !== 'vxlan' || from.kind !== 'vxlan') return []
  const common = { object: 'vni', link: link.name } as const
  return [
    ...link.vnis.filter((vni) => !from.vnis.includes(vni)).map((after): Change => ({ ...common, after })),
    ...from.vnis.filter((vni) => !link.vnis.includes(vni)).map((before): Change => ({ ...common, before })),
  ]
}
