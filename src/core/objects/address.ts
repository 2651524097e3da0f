/** Addresses of links. */
import { type Change, subjectOf } from '../change.js'
import { formatPrefix, networkOf, samePrefix } from '../ipv4.js'
import { shellWord } from '../shell-word.js'
import type { Address, Route } from '../state.js'
import type { ObjectType } from './object.js'

function same(a: Address, b: Address): boolean {
  return a.link === b.link && samePrefix(a.prefix, b.prefix)
}

/** An address that has lost the route to its network gets that, and stays: others may hang on it. */
function changeTo(address: Address, found: readonly Address[]): Change[] {
  const { link, prefix } = address
  const current = found.find((one) => same(one, address))
  if (!current) return [{ object: 'address', link, after: address }]
  if (!current.isCut || address.isCut) return []
  const route: Route = { prefix: networkOf(prefix), link, source: prefix.address, isConnected: true }
  return [{ object: 'routes', link, after: [route] }]
}

function wordsOf(change: Change<'address'>): string {
  const { prefix, link } = subjectOf(change)
  return change.after
    ? `restored address ${formatPrefix(prefix)} on ${link}`
    : `removed address ${formatPrefix(prefix)} from ${link}: it belongs to no fan`
}

export const address: ObjectType<'address'> = {
  words: { add: 'add-address', del: 'del-address' },
  obsolete: ({ addresses }, desired, { isGoing }) => ({
    addresses: addresses.filter((one) => isGoing(one.link) || !desired.addresses.some((wanted) => same(wanted, one))),
  }),
  changes: (wanted, found) => wanted.addresses.flatMap((one) => changeTo(one, found.addresses)),
  describe: (change) => {
    const { prefix, link } = subjectOf(change)
    return [`ip addr ${change.after ? 'add' : 'del'} ${formatPrefix(prefix)} dev ${shellWord(link)}`]
  },
  repair: {
    kind: 'address',
    nameOf: (change) => `${formatPrefix(subjectOf(change).prefix)} ${subjectOf(change).link}`,
    tell: (changes) => changes.map(wordsOf),
  },
}
