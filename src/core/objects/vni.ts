/** The VNIs that the filter of a vxlan link lets in. `link.ts` sees to them. */
import { subjectOf } from '../change.js'
import { shellWord } from '../shell-word.js'
import type { ObjectType } from './object.js'

export const vni: ObjectType<'vni'> = {
  words: { add: 'add-vni', del: 'del-vni' },
  describe: (change) => {
    const verb = change.after === undefined ? 'del' : 'add'
    return [`bridge vni ${verb} vni ${subjectOf(change)} dev ${shellWord(change.link ?? '')}`]
  },
  repair: {
    kind: 'vni',
    tell: (changes) =>
      changes.map((change) =>
        change.after === undefined
          ? `removed VNI ${change.before} from ${change.link}`
          : `restored VNI ${change.after} on ${change.link}`,
      ),
  },
}
