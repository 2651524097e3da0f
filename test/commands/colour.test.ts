import { expect, test } from 'vitest'
import { coloured, hasColours, paintedBy, plain } from '../../src/commands/colour.js'

test.each([
  [true, { TERM: 'xterm' }, true],
  [true, {}, true],
  [true, { TERM: 'dumb' }, false],
  [true, { NO_COLOR: '1' }, false],
  // no-color.org: when present and not an empty string.
  [true, { NO_COLOR: '' }, true],
  [false, {}, false],
  [undefined, { TERM: 'xterm', CI: 'true' }, false],
  [false, { FORCE_COLOR: '1' }, true],
  [false, { FORCE_COLOR: '' }, false],
  [true, { FORCE_COLOR: '0' }, false],
  [true, { FORCE_COLOR: '1', TERM: 'dumb' }, true],
  [true, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
])('a stream that is a terminal: %s, with %j, has colours: %s', (isTTY, environment, expected) => {
  expect(hasColours({ isTTY }, environment)).toBe(expected)
})

test('a text is painted in a colour, or in none', () => {
  expect(coloured('red', 'failed')).toBe('\u001b[31mfailed\u001b[39m')
  expect([coloured(undefined, 'a'), plain('red', 'a')]).toEqual(['a', 'a'])
})

test.each(['red', 'green', 'yellow'] as const)(
  'what makes a text %s is found in it again, and nothing else',
  (colour) => {
    expect(`\u001b[1m${coloured(colour, 'x')}\u001b[8m`.split(paintedBy)).toEqual([
      '\u001b[1m',
      expect.stringMatching(/m$/),
      'x',
      expect.stringMatching(/39m$/),
      '\u001b[8m',
    ])
  },
)
