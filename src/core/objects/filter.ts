/** Steering programs on tunnels. */
import { type Change, subjectOf, verbOf } from '../change.js'
import { joined } from '../joined.js'
import { shellWord } from '../shell-word.js'
import type { Filter } from '../state.js'
import type { ObjectType } from './object.js'

function samePlace(a: Filter, b: Filter): boolean {
  return a.link === b.link && a.direction === b.direction && a.preference === b.preference && a.handle === b.handle
}

/** A program in the place of another is exchanged in one go. */
function changeTo(filter: Filter, found: readonly Filter[]): Change[] {
  const before = found.find((one) => samePlace(one, filter))
  return before?.name === filter.name ? [] : [{ object: 'filter', link: filter.link, before, after: filter }]
}

const verbs = { add: 'add', set: 'replace', del: 'del' } as const

/** tc loads programs from object files; ours are made in memory, so the line names one that bpftool could have pinned. */
function describe(change: Change<'filter'>): string[] {
  const { link, direction, preference, handle, name, program } = subjectOf(change)
  const place = `dev ${shellWord(link)} ${direction} pref ${preference} protocol all handle 0x${handle.toString(16)}`
  const line = `tc filter ${verbs[verbOf(change)]} ${place} bpf`
  if (!change.after) return [line]
  return [
    `# load the program ${name}: ${program?.instructions.length ?? 'unknown'} instructions`,
    `${line} direct-action object-pinned /sys/fs/bpf/${shellWord(name)}`,
  ]
}

/** One line for all of a tunnel's. */
function tell(changes: readonly Change<'filter'>[]): string[] {
  const filters = changes.map(subjectOf)
  const names = filters.map(({ name, direction }) => `${name} (${direction})`)
  const programs = filters.length === 1 ? 'program' : 'programs'
  return [`restored the steering ${programs} ${joined(names)} of ${filters[0]?.link}`]
}

export const filter: ObjectType<'filter'> = {
  words: { add: 'add-filter', set: 'set-filter', del: 'del-filter' },
  obsolete: ({ filters }, desired, { isGoing }) => ({
    filters: filters.filter((one) => isGoing(one.link) || !desired.filters.some((wanted) => samePlace(wanted, one))),
  }),
  changes: (wanted, found) => wanted.filters.flatMap((one) => changeTo(one, found.filters)),
  ownerOf: ({ owner }) => owner,
  describe,
  repair: { kind: 'steering', tell },
}
