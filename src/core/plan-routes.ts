/** The steps for routes and next hops. There may be thousands, so they go by link and are looked up by key. */
import type { Encap, Neighbour, Route, State } from './state.js'
import type { Step } from './step.js'

type Part = Pick<State, 'routes' | 'neighbours'>

/** What of `actual` nothing wants, or is on a link that goes. */
export function obsoleteRoutes(actual: Part, wanted: Part, isGoing: (link: string) => boolean): Part {
  const routes = byKey(wanted.routes, placeOf)
  const neighbours = byKey(wanted.neighbours, keyOfNeighbour)
  return {
    routes: actual.routes.filter((route) => isGoing(route.link) || !routes.has(placeOf(route))),
    neighbours: actual.neighbours.filter((one) => isGoing(one.link) || !neighbours.has(keyOfNeighbour(one))),
  }
}

/** Adds what is not there, next hops first, and changes what is there in place. */
export function changeRoutes(wanted: Part, found: Part): Step[] {
  return [...addNeighbours(wanted, found), ...setRoutes(wanted, found), ...addRoutes(wanted, found)]
}

function addNeighbours(wanted: Part, found: Part): Step[] {
  const known = byKey(found.neighbours, keyOfNeighbour)
  return byLink(wanted.neighbours.filter((one) => !known.has(keyOfNeighbour(one)))).map(
    ([link, neighbours]): Step => ({ kind: 'add-neighbours', link, neighbours }),
  )
}

function addRoutes(wanted: Part, found: Part): Step[] {
  const known = byKey(found.routes, placeOf)
  return byLink(wanted.routes.filter((route) => !known.has(placeOf(route)))).map(
    ([link, routes]): Step => ({ kind: 'add-routes', link, routes }),
  )
}

function setRoutes(wanted: Part, found: Part): Step[] {
  const known = byKey(found.routes, placeOf)
  const changed = wanted.routes.flatMap((to) => {
    const from = known.get(placeOf(to))
    return from && !sameTarget(from, to) ? [{ link: to.link, from, to }] : []
  })
  return byLink(changed).map(
    ([link, all]): Step => ({
      kind: 'set-routes',
      link,
      from: all.map(({ from }) => from),
      to: all.map(({ to }) => to),
    }),
  )
}

function placeOf({ link, prefix }: Route): string {
  return `${link} ${prefix.address}/${prefix.length}`
}

function sameTarget(a: Route, b: Route): boolean {
  return a.source === b.source && a.via === b.via && sameEncap(a.encap, b.encap)
}

function sameEncap(a: Encap | undefined, b: Encap | undefined): boolean {
  return a?.id === b?.id && a?.source === b?.source && a?.destination === b?.destination
}

/** A next hop with another hardware address is another one. */
function keyOfNeighbour({ link, address, mac }: Neighbour): string {
  return `${link} ${address} ${mac}`
}

function byKey<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T> {
  return new Map(all.map((one) => [keyOf(one), one]))
}

function byLink<T extends { readonly link: string }>(all: readonly T[]): [link: string, ones: T[]][] {
  const groups = new Map<string, T[]>()
  for (const one of all) {
    const group = groups.get(one.link)
    if (group) group.push(one)
    else groups.set(one.link, [one])
  }
  return [...groups]
}
