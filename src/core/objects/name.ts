/** Names of links that somebody gave them instead of their own. */
import type { Change } from '../change.js'
import { shellWord } from '../shell-word.js'
import type { State } from '../state.js'
import type { ObjectType } from './object.js'
import { linkWord } from './traits.js'

/** What gives each link its own name back, before all else is done to it. */
export function giveNamesBack({ links }: State): Change[] {
  return links.flatMap(({ name, givenName, isAltname }): Change[] =>
    givenName === undefined
      ? []
      : [{ object: 'name', link: name, before: { name: givenName, ...(isAltname && { isAltname }) }, after: { name } }],
  )
}

/** What is left when links have their names back: they are down, and the kernel has dropped what needs them up. */
export function withOwnNames(found: State): State {
  const renamed = new Set(found.links.filter((link) => link.givenName !== undefined).map(({ name }) => name))
  if (renamed.size === 0) return found
  return {
    ...found,
    links: found.links.map(({ givenName, isAltname: _, ...link }) =>
      givenName === undefined ? link : { ...link, up: false },
    ),
    routes: found.routes.filter(({ link }) => !renamed.has(link)),
    neighbours: found.neighbours.filter(({ link }) => !renamed.has(link)),
  }
}

/**
 * The kernel renames no link that is up before Linux 6.2 (bd039b5ea2a9), so it is down afterwards. A link cannot be
 * called by one of its alternative names.
 */
function describe({ before, after }: Change<'name'>): string[] {
  const { name: given = '', isAltname } = before ?? {}
  const own = after?.name ?? ''
  return [
    `# ${own} is called ${given} now`,
    ...(isAltname ? [`ip link property del dev ${shellWord(given)} altname ${own}`] : []),
    `ip link set ${linkWord(given)} down`,
    `ip link set ${linkWord(given)} name ${shellWord(own)}`,
  ]
}

export const name: ObjectType<'name'> = {
  words: { add: 'rename-link' },
  describe,
  // One that has its own name again keeps it.
  isFinal: () => true,
  repair: {
    kind: 'link',
    remakes: () => true,
    tell: (changes) => changes.map(({ before, after }) => `renamed ${before?.name} back to ${after?.name}`),
    tellsAll: true,
  },
}
