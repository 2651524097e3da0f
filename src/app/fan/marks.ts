/**
 * Which link is which, whatever it is called. A link is ours by its group; of which fan and for what, its kind, its
 * hardware address and its alias say. Its name is only what a person, or a program, can change at any time.
 */
import { bridgeAliasOf, tunnelAliasOf } from '../../core/desired-links.js'
import { type Fan, sharesTunnel, tunnelOf, typeOf } from '../../core/fan.js'
import { macOf } from '../../core/mac.js'
import type { FoundLink, Observation } from '../ports/machine.js'

/** A link that a fan should have, and what tells that a link is that one. Strongest first. */
interface Wanted {
  readonly name: string
  readonly kind: string
  readonly signs: readonly ((link: FoundLink) => boolean)[]
}

/**
 * The host with each of our links under the name that it should have, everywhere. Where something else has that name, the
 * link stays as it is and is noted as a stray.
 */
export function byMark(found: Observation, fans: readonly Fan[]): Observation {
  const strays = straysIn(found, wantedBy(fans))
  if (strays.size === 0) return found
  const isTaken = (name: string, by: FoundLink) => by.name === name || by.altnames.includes(name)
  const isFree = (name: string, own: string) => !found.links.some((link) => link.name !== own && isTaken(name, link))
  const own = new Map([...strays].filter(([given, name]) => isFree(name, given)))
  const nameOf = (name: string) => own.get(name) ?? name
  const onLink = <One extends { readonly link: string }>(one: One): One => ({ ...one, link: nameOf(one.link) })
  return {
    ...found,
    links: found.links.map((link) => ({
      ...withName(link, own.get(link.name)),
      ...strayMark(own.has(link.name) ? undefined : strays.get(link.name)),
      ...(link.bridge !== undefined && { bridge: nameOf(link.bridge) }),
    })),
    addresses: found.addresses.map(onLink),
    routes: found.routes.map(onLink),
    neighbours: found.neighbours.map(onLink),
    filters: found.filters.map(onLink),
  }
}

/** The names that links should have, by those that they have: of links whose name is another. */
function straysIn({ links }: Observation, wanted: readonly Wanted[]): Map<string, string> {
  const names = new Set(wanted.map(({ name }) => name))
  const missing = wanted.filter(({ name }) => !links.some((link) => link.ours && link.name === name))
  const lost = links.filter((link) => link.ours && !names.has(link.name))
  const strays = new Map<string, string>()
  // Two fans may have one hardware address, so what an alias says comes first.
  for (const rank of [0, 1])
    for (const { name, kind, signs } of missing) {
      const [only, second] = lost.filter((link) => link.kind === kind && !strays.has(link.name) && signs[rank]?.(link))
      if (only && !second && ![...strays.values()].includes(name)) strays.set(only.name, name)
    }
  return strays
}

function wantedBy(fans: readonly Fan[]): Wanted[] {
  const all = fans.flatMap((fan): Wanted[] => [
    {
      name: fan.bridge,
      kind: 'bridge',
      signs: [({ alias }) => alias === bridgeAliasOf(fan), ({ mac }) => mac === macOf(fan, 'bridge')],
    },
    ...wantedTunnel(fan),
  ])
  return all.filter(({ name }, index) => all.findIndex((one) => one.name === name) === index)
}

function wantedTunnel(fan: Fan): Wanted[] {
  const name = tunnelOf(fan)
  const { tunnel } = typeOf(fan)
  if (!tunnel || name === undefined) return []
  // There is only one that is shared; the others of its kind have a map.
  if (sharesTunnel(fan)) return [{ name, kind: tunnel.kind, signs: [({ fanMap }) => fanMap === undefined] }]
  return [
    {
      name,
      kind: tunnel.kind,
      signs: [
        ({ alias }) => alias === tunnelAliasOf(fan),
        ({ mac }) => mac === macOf(fan, 'tunnel') || mac === macOf(fan, 'bridge'),
      ],
    },
  ]
}

/** Its settings are named after it, too. */
function withName(link: FoundLink, name: string | undefined): FoundLink {
  if (name === undefined) return link
  const settings = Object.entries(link.sysctls).map(([key, value]) => [
    key.replace(`/${link.name}/`, () => `/${name}/`),
    value,
  ])
  return { ...link, name, givenName: link.name, sysctls: Object.fromEntries(settings) }
}

function strayMark(name: string | undefined): Pick<FoundLink, 'strayOf'> {
  return name === undefined ? {} : { strayOf: name }
}

/** The bridges of a fan that are ours: one, or a stray in its place. */
export function bridgesOf({ bridge }: Pick<Fan, 'bridge'>, found: Observation): string[] {
  return found.links
    .filter((link) => link.ours && link.kind === 'bridge' && (link.name === bridge || link.strayOf === bridge))
    .map(({ name }) => name)
}

/** Whether a link is the bridge of a fan by more than its name. */
export function isBridgeOf({ ours, kind, alias, mac }: FoundLink, fan: Fan): boolean {
  return ours && kind === 'bridge' && (alias === bridgeAliasOf(fan) || mac === macOf(fan, 'bridge'))
}

/** A link that was a fan's and has lost its mark: it has the name, and the hardware address or the alias. */
export function isDisowned({ ours, name, mac, alias }: FoundLink, fan: Fan): boolean {
  if (ours) return false
  const isBridge = name === fan.bridge && (alias === bridgeAliasOf(fan) || mac === macOf(fan, 'bridge'))
  return isBridge || (name === tunnelOf(fan) && (alias === tunnelAliasOf(fan) || mac === macOf(fan, 'tunnel')))
}
