/** What of a link can change while it exists; also whether it runs, which is the last thing that happens to it. */
import { type Change, type LinkTraits, subjectOf } from '../change.js'
import { joined } from '../joined.js'
import { startLink } from '../plan-links.js'
import { quoted, shellWord } from '../shell-word.js'
import type { ObjectType } from './object.js'

/** What `ip link` takes for a link: one that looks like a flag needs a word before it. */
export function linkWord(name: string): string {
  return name.startsWith('-') ? `dev ${shellWord(name)}` : shellWord(name)
}

export function traitWords({ mac, mtu, alias, bridge, up }: LinkTraits): string {
  const words: string[] = []
  if (mac !== undefined) words.push(`address ${mac}`)
  if (mtu !== undefined) words.push(`mtu ${mtu}`)
  if (alias !== undefined) words.push(`alias ${quoted(alias)}`)
  if (bridge !== undefined) words.push(bridge === '' ? 'nomaster' : `master ${shellWord(bridge)}`)
  if (up !== undefined) words.push(up ? 'up' : 'down')
  return words.join(' ')
}

function tell(changes: readonly Change<'traits'>[]): string[] {
  return [...changes.flatMap(wordsOf), ...mtuWords(changes.filter(({ after }) => after?.mtu !== undefined))]
}

function wordsOf({ link, before, after }: Change<'traits'>): string[] {
  const { up, bridge, mac, alias } = after ?? {}
  return [
    ...(up === undefined ? [] : [`set ${link} ${up ? 'up' : 'down'} again`]),
    ...(bridge === undefined ? [] : [bridge ? `attached ${link} to ${bridge} again` : `detached ${link}`]),
    ...(mac === undefined ? [] : [`set the MAC address of ${link} to ${mac} (was ${before?.mac})`]),
    ...(alias === undefined ? [] : [`restored the alias of ${link}`]),
  ]
}

/** A bridge and its tunnel have one MTU. */
function mtuWords(changes: readonly Change<'traits'>[]): string[] {
  const [first] = changes
  if (!first) return []
  const links = joined(changes.flatMap(({ link }) => link ?? []))
  return [`set the MTU of ${links} to ${first.after?.mtu} (was ${first.before?.mtu})`]
}

export const traits: ObjectType<'traits'> = {
  words: { add: 'set-link' },
  // Bridges first: a tunnel is attached to one.
  changes: (wanted, found) =>
    [true, false].flatMap((isBridge) =>
      wanted.links
        .filter(({ kind }) => (kind === 'bridge') === isBridge)
        .flatMap((one) =>
          startLink(
            one,
            found.links.find(({ name }) => name === one.name),
          ),
        ),
    ),
  describe: (change) => [`ip link set ${linkWord(change.link ?? '')} ${traitWords(subjectOf(change))}`],
  repair: {
    kind: 'link',
    tell,
    tellsAll: true,
    remakes: ({ after }) => after?.up === true,
    attaches: ({ after }) => Boolean(after?.bridge),
    onlyMtuOf: ({ after = {} }) => (Object.keys(after).join() === 'mtu' ? after.mtu : undefined),
    followsMtu: true,
  },
}
