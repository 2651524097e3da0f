import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { guard, overwriteLine, writePainted } from '../../src/commands/terminal.js'

function stream() {
  const through = new PassThrough() as unknown as NodeJS.WriteStream & PassThrough
  return { through, text: () => String(through.read() ?? '') }
}

test('a guarded stream shows what a terminal would act on, whoever writes, and calls back', async () => {
  const { through, text } = stream()
  guard(through)
  await new Promise((done) => through.write('a\u001b]0;x\u0007\nb\n', done))
  await new Promise((done) => through.write('\u202e', 'utf8', done))
  expect(text()).toBe('a\\u001b]0;x\\u0007\nb\n\\u202e')
})

test('only what writes over its own line moves the cursor', () => {
  const { through, text } = stream()
  guard(through)
  overwriteLine(through, 'asking\u001b[2J')
  expect(text()).toBe('\r\u001b[Kasking\\u001b[2J')
})

test('a painted word is in colour on a terminal, and whatever else would act there is shown', () => {
  const { through, text } = stream()
  guard(through)
  through.isTTY = true
  writePainted(through, (paint) => `${paint('red', 'failed')} \u001b[2J\u001b[1;31m\u202e\n`, { TERM: 'xterm' })
  expect(text()).toBe('\u001b[31mfailed\u001b[39m \\u001b[2J\\u001b[1;31m\\u202e\n')
})

test.each([
  ['a pipe', false, {}],
  ['a terminal that is to have none', true, { NO_COLOR: '1' }],
  ['a dumb terminal', true, { TERM: 'dumb' }],
])('a painted word is as it was in %s, and colours that come with it are shown', (_, isTTY, environment) => {
  const { through, text } = stream()
  guard(through)
  through.isTTY = isTTY
  writePainted(through, (paint) => `${paint('red', 'failed')} \u001b[31m`, environment)
  expect(text()).toBe('failed \\u001b[31m')
})
