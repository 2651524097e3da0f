/** Files of the runtime folder: what was asked for, and what the host was like before. */
import { type Change, subjectOf } from '../change.js'
import type { State } from '../state.js'
import type { ObjectType } from './object.js'

/** From one text to another; undefined: no file. */
export function changeFile(name: string, before: string | undefined, after: string | undefined): Change<'file'> {
  const withText = (text: string | undefined) => (text === undefined ? undefined : { name, text })
  return { object: 'file', before: withText(before), after: withText(after) }
}

/** What comes before all else: a run that is killed halfway can be finished. */
export function writeFiles(desired: State, actual: State): Change[] {
  return Object.entries(desired.files)
    .filter(([name, text]) => actual.files[name] !== text)
    .map(([name, text]) => changeFile(name, actual.files[name], text))
}

/** What goes last, for the same reason. */
export function dropFiles(desired: State, actual: State): Change[] {
  return Object.entries(actual.files)
    .filter(([name]) => desired.files[name] === undefined)
    .map(([name, text]) => changeFile(name, text, undefined))
}

export const file: ObjectType<'file'> = {
  words: { add: 'set-file' },
  ownerOf: ({ name }, owners) =>
    [...owners.values()].find((bridge) => /^\.[^.]+\.json$/.test(name.slice(bridge.length)) && name.startsWith(bridge)),
  describe: (change) => [`# ${change.after ? 'write' : 'remove'} ${subjectOf(change).name} in the runtime folder`],
  repair: {
    kind: 'file',
    nameOf: (change) => subjectOf(change).name,
    tell: (all) => all.map((change) => `${change.after ? 'wrote' : 'removed'} ${subjectOf(change).name}`),
  },
}
