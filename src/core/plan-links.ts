/** The steps for one link: first everything but traffic, then that. */
import type { Link } from './state.js'
import type { LinkChange, Step } from './step.js'

/** The kind of a link and the port of a vxlan link are fixed when it is made. */
export function canBecome(link: Link, wanted: Link): boolean {
  if (link.kind !== wanted.kind) return false
  return link.kind !== 'vxlan' || wanted.kind !== 'vxlan' || link.port === wanted.port
}

/** A link as adding it leaves it. */
function asCreated(link: Link): Link {
  const { bridge: _, ...rest } = link
  const bare = { ...rest, up: false, sysctls: {} }
  if (bare.kind === 'bridge') return bare
  return bare.kind === 'vxlan' ? { ...bare, vnis: [], clsact: false } : { ...bare, clsact: false }
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
    ...(isTunnel(link) && link.clsact && isTunnel(from) && !from.clsact
      ? [{ kind: 'add-clsact', link: link.name } as const]
      : []),
  ]
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
