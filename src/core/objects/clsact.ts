/** The queue of a tunnel that tc filters hang on. `plan-links.ts` sees to it. */
import { shellWord } from '../shell-word.js'
import type { ObjectType } from './object.js'

export const clsact: ObjectType<'clsact'> = {
  words: { add: 'add-clsact', del: 'del-clsact' },
  describe: ({ link = '', after }) => [`tc qdisc ${after ? 'add' : 'del'} dev ${shellWord(link)} clsact`],
  // The programs that come with it are told.
  repair: { kind: 'steering', tell: () => [] },
}
