/** What is printed to be pasted: a name is one word of it, whatever it is. */
import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { describe } from '../../src/core/describe.js'
import type { Step } from '../../src/core/step.js'
import { prefix } from './support.js'

/** The kernel takes it for a link: no space, slash or colon, and 15 bytes at most. */
const name = '$(id);`a`|"b\''

const steps: Step[] = [
  { kind: 'set-link', name, from: { bridge: '' }, to: { bridge: name, alias: "it's" } },
  { kind: 'add-vni', link: name, vni: 7 },
  { kind: 'add-clsact', link: name },
  { kind: 'del-clsact', link: name },
  { kind: 'add-address', address: { link: name, prefix: prefix('250.3.4.1/24') } },
  { kind: 'del-address', address: { link: name, prefix: prefix('250.3.4.1/24') } },
  { kind: 'set-sysctl', key: `net/ipv4/conf/${name}/rp_filter`, from: '1', to: '2' },
]

test.each(steps)('of the step $kind', (step) => {
  for (const line of describe(step)) {
    const [program = '', ...words] = line.split(' ')
    const read = execFileSync('sh', ['-c', `${program}() { printf '%s\\n' "$@"; }; ${line}`], { encoding: 'utf8' })
    expect(read.trimEnd().split('\n')).toHaveLength(words.length)
    expect(read).toContain(name)
  }
})

test('a link that looks like a flag is none', () => {
  expect(describe({ kind: 'set-link', name: '-x', from: {}, to: { up: true } })).toEqual(['ip link set dev -x up'])
})
