import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { guard, overwriteLine } from '../../src/commands/terminal.js'

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
