import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { quoted, shellWord } from '../../src/core/shell-word.js'

const hostile = [
  '$(touch /tmp/x)',
  '`id`',
  'a;b',
  'a|b',
  "it's",
  '"',
  '\\',
  '~',
  '*',
  '#x',
  '!',
  'a b',
  '',
  "''",
  '<x',
  '&',
  '{a,b}',
  '-x',
  'a\nb',
]

test.each(hostile)('%j is one word to a shell, as it is', (text) => {
  for (const word of [shellWord(text), quoted(text)])
    expect(execFileSync('sh', ['-c', `printf '%s|' ${word} end`], { encoding: 'utf8' })).toBe(`${text}|end|`)
})

test.each(['fan-250', 'eth0.100', 'net.ipv4.ip_forward=1', '/run/fanctl/fan-250.fan.json', 'eth0@if3'])(
  '%s needs no quotes',
  (text) => {
    expect(shellWord(text)).toBe(text)
  },
)
