/** Routes. There may be thousands, so those of one link are one change, and they are looked up by key. */
import { type Change, subjectOf, verbOf } from '../change.js'
import { outerTtl } from '../creation.js'
import { formatAddress, formatPrefix } from '../ipv4.js'
import { joined } from '../joined.js'
import { shellWord } from '../shell-word.js'
import type { Encap, Route, State } from '../state.js'
import { byKey, byLink, commonOwnerOf } from './many.js'
import type { ObjectType } from './object.js'

function keyOf({ link, prefix }: Route): string {
  return `${link} ${prefix.address}/${prefix.length}`
}

function same(a: Route, b: Route): boolean {
  return a.source === b.source && a.via === b.via && sameEncap(a.encap, b.encap)
}

function sameEncap(a: Encap | undefined, b: Encap | undefined): boolean {
  return a?.id === b?.id && a?.source === b?.source && a?.destination === b?.destination
}

/** What is there is changed in place, before what is not there is added. */
function changes(wanted: State, found: State): Change[] {
  const known = byKey(found.routes, keyOf)
  const other = wanted.routes.flatMap((after) => {
    const before = known.get(keyOf(after))
    return before && !same(before, after) ? [{ link: after.link, before, after }] : []
  })
  return [
    ...byLink(other).map(
      ([link, all]): Change => ({
        object: 'routes',
        link,
        before: all.map(({ before }) => before),
        after: all.map(({ after }) => after),
      }),
    ),
    ...byLink(wanted.routes.filter((route) => !known.has(keyOf(route)))).map(
      ([link, after]): Change => ({ object: 'routes', link, after }),
    ),
  ]
}

const verbs = { add: 'add', set: 'replace', del: 'del' } as const

function wordsOf({ prefix, link, source, encap, via, isConnected }: Route): string {
  return [
    formatPrefix(prefix),
    ...(encap
      ? [
          `encap ip id ${encap.id} src ${formatAddress(encap.source)} dst ${formatAddress(encap.destination)} ttl ${outerTtl}`,
        ]
      : []),
    ...(via === undefined ? [] : [`via ${formatAddress(via)}`]),
    `dev ${shellWord(link)}`,
    ...(via === undefined ? [] : ['onlink']),
    `proto ${isConnected ? 'kernel scope link' : 'static'} src ${formatAddress(source)}`,
  ].join(' ')
}

/** A fan that is steered by routes has thousands of them. */
const mostNamed = 3

function tell(change: Change<'routes'>): string {
  const all = subjectOf(change)
  const named = `${all.length === 1 ? 'route' : 'routes'} ${joined(all.map(({ prefix }) => formatPrefix(prefix)))}`
  const which = `${all.length > mostNamed ? `${all.length} routes` : named} dev ${change.link}`
  if (change.after) return `${change.before ? 'corrected' : 'restored'} ${which}`
  return `removed ${which}: ${all.length === 1 ? 'it belongs' : 'they belong'} to no fan`
}

/** A route needs its source, which may come back with another link. The last one: fans may share a tunnel. */
function giverOf({ before, after = [] }: Change<'routes'>, all: readonly Change[]): Change | undefined {
  if (before) return undefined
  const sources = new Set(after.map(({ source }) => source))
  return all.filter((one) => one.object === 'address' && one.after && sources.has(one.after.prefix.address)).at(-1)
}

export const routes: ObjectType<'routes'> = {
  words: { add: 'add-routes', set: 'set-routes', del: 'del-routes' },
  obsolete: (actual, desired, { isGoing }) => {
    const wanted = byKey(desired.routes, keyOf)
    return { routes: actual.routes.filter((route) => isGoing(route.link) || !wanted.has(keyOf(route))) }
  },
  changes,
  ownerOf: commonOwnerOf,
  describe: (change) => subjectOf(change).map((route) => `ip route ${verbs[verbOf(change)]} ${wordsOf(route)}`),
  repair: { kind: 'route', tell: (all) => all.map(tell), needs: giverOf },
}
