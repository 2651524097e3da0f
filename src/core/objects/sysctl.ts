/** Settings of the kernel. Those of a link `link.ts` sees to: they go with it. */
import { type Change, subjectOf } from '../change.js'
import { acceptRedirects, forwarding } from '../desired.js'
import { shellWord } from '../shell-word.js'
import type { State } from '../state.js'
import type { ObjectType } from './object.js'

/** `found` is what a link or the host has. Undefined, where it is not known, as on a link that is new. */
export function changeSysctl(key: string, value: string, found: string | undefined, link?: string): Change<'sysctl'> {
  return {
    object: 'sysctl',
    link,
    before: found === undefined ? undefined : { key, value: found },
    after: { key, value },
  }
}

/** In the order of `wanted`. What the kernel changes by itself when forwarding changes is set again after that. */
function changes({ sysctls: wanted }: State, { sysctls: found }: State): Change[] {
  const isRewritten = (key: string) => key === acceptRedirects && wanted[forwarding] !== found[forwarding]
  return Object.entries(wanted)
    .filter(([key, value]) => found[key] !== value || isRewritten(key))
    .map(([key, value]) => changeSysctl(key, value, found[key]))
}

/** A link's name may have dots in it: then the path is told as it is. */
function wordOf(key: string): string {
  return key.includes('.') ? key : key.replaceAll('/', '.')
}

export const sysctl: ObjectType<'sysctl'> = {
  words: { add: 'set-sysctl' },
  changes,
  describe: (change) => {
    const { key, value } = subjectOf(change)
    return [`sysctl -w ${shellWord(`${wordOf(key)}=${value}`)}`]
  },
  // It goes with its link.
  isFinal: ({ before }) => before === undefined,
  repair: {
    kind: 'sysctl',
    nameOf: (change) => subjectOf(change).key,
    followsMtu: true,
    tell: (all) =>
      all.map((change) => {
        const { key, value } = subjectOf(change)
        return `set ${key.replaceAll('/', '.')} to ${value} (was ${change.before?.value ?? 'missing'})`
      }),
  },
}
