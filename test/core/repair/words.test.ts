import { expect, test } from 'vitest'
import type { Change } from '../../../src/core/change.js'
import { wordsFor } from '../../../src/core/repair/words.js'
import type { Link } from '../../../src/core/state.js'
import { prefix } from '../support.js'

const bridge: Link = { kind: 'bridge', name: 'fan-250', mac: '02:fa:0a:00:03:04', mtu: 1450, up: true, sysctls: {} }
const made: Change = { object: 'link', link: 'fan-250', after: bridge }
const gone: Change = { object: 'link', link: 'fan-250', before: bridge }
const up: Change = { object: 'traits', link: 'fan-250', before: { up: false }, after: { up: true } }
const attached: Change = { object: 'traits', link: 'c1', before: { bridge: '' }, after: { bridge: 'fan-250' } }
const named: Change = { object: 'name', link: 'fan-250', before: { name: 'x' }, after: { name: 'fan-250' } }
const address: Change = {
  object: 'address',
  link: 'fan-250',
  after: { link: 'fan-250', prefix: prefix('250.3.4.1/24') },
}
const queue: Change = { object: 'clsact', link: 'ftun-250', after: true }
const vni: Change = { object: 'vni', link: 'ftun-250', after: 7 }

test.each<[what: string, Change[], words: string]>([
  ['nothing but what has no words', [queue], 'repaired'],
  ['a link that is made, with what is on it', [made, address, up], 'restored bridge fan-250'],
  ['its ports as well', [made, up, attached], 'restored bridge fan-250 with its port c1'],
  ['a link that goes and is made anew', [gone, made], 'restored bridge fan-250'],
  ['a link that goes', [{ ...up, before: { up: true }, after: { up: false } }, gone], 'removed bridge fan-250'],
  ['a name', [named, up], 'renamed x back to fan-250'],
  ['a link that comes up', [up, address], 'set fan-250 up again'],
  ['a port', [attached], 'attached c1 to fan-250 again'],
  ['several things', [vni, address], 'restored VNI 7 on ftun-250; restored address 250.3.4.1/24 on fan-250'],
])('%s', (_, changes, words) => {
  expect(wordsFor(changes)).toMatch(new RegExp(`^${words}(: it belongs to no fan)?$`))
})
