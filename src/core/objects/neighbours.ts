/** Next hops with their hardware addresses, those of one link in one change. */
import { type Change, subjectOf } from '../change.js'
import { formatAddress } from '../ipv4.js'
import { shellWord } from '../shell-word.js'
import type { Neighbour } from '../state.js'
import { byKey, byLink } from './many.js'
import type { ObjectType } from './object.js'

/** A next hop with another hardware address is another one. */
function keyOf({ link, address, mac }: Neighbour): string {
  return `${link} ${address} ${mac}`
}

function hops(all: readonly Neighbour[]): string {
  return all.length === 1 ? 'a next hop' : `${all.length} next hops`
}

function tell({ link, before, after }: Change<'neighbours'>): string[] {
  return [
    ...(after ? [`restored ${hops(after)} on ${link}`] : []),
    ...(before
      ? [`removed ${hops(before)} from ${link}: ${before.length === 1 ? 'it belongs' : 'they belong'} to no fan`]
      : []),
  ]
}

export const neighbours: ObjectType<'neighbours'> = {
  words: { add: 'add-neighbours', del: 'del-neighbours' },
  obsolete: (actual, desired, { isGoing }) => {
    const wanted = byKey(desired.neighbours, keyOf)
    return { neighbours: actual.neighbours.filter((one) => isGoing(one.link) || !wanted.has(keyOf(one))) }
  },
  changes: (wanted, found) => {
    const known = byKey(found.neighbours, keyOf)
    return byLink(wanted.neighbours.filter((one) => !known.has(keyOf(one)))).map(
      ([link, after]): Change => ({ object: 'neighbours', link, after }),
    )
  },
  describe: (change) =>
    subjectOf(change).map(({ link, address, mac }) =>
      change.after
        ? `ip neigh add ${formatAddress(address)} lladdr ${mac} dev ${shellWord(link)} nud permanent`
        : `ip neigh del ${formatAddress(address)} dev ${shellWord(link)}`,
    ),
  repair: { kind: 'route', tell: (changes) => changes.flatMap(tell) },
}
