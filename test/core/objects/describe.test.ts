/** What is printed to be pasted: a name is one word of it, whatever it is. */
import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import type { Change } from '../../../src/core/change.js'
import { describe } from '../../../src/core/objects/objects.js'
import { prefix } from '../support.js'

/** The kernel takes it for a link: no space, slash or colon, and 15 bytes at most. */
const name = '$(id);`a`|"b\''

const address = { link: name, prefix: prefix('250.3.4.1/24') }
const key = `net/ipv4/conf/${name}/rp_filter`

const changes: Change[] = [
  { object: 'traits', link: name, before: { bridge: '' }, after: { bridge: name, alias: "it's" } },
  { object: 'vni', link: name, after: 7 },
  { object: 'clsact', link: name, after: true },
  { object: 'clsact', link: name, before: true },
  { object: 'address', link: name, after: address },
  { object: 'address', link: name, before: address },
  { object: 'sysctl', link: name, before: { key, value: '1' }, after: { key, value: '2' } },
]

test.each(changes)('of a change of $object', (change) => {
  for (const line of describe(change)) {
    const [program = '', ...words] = line.split(' ')
    const read = execFileSync('sh', ['-c', `${program}() { printf '%s\\n' "$@"; }; ${line}`], { encoding: 'utf8' })
    expect(read.trimEnd().split('\n')).toHaveLength(words.length)
    expect(read).toContain(name)
  }
})

test('a link that looks like a flag is none', () => {
  expect(describe({ object: 'traits', link: '-x', before: { up: false }, after: { up: true } })).toEqual([
    'ip link set dev -x up',
  ])
})
