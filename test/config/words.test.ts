import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { linesOf, longestLine, Misplaced, replaceWords, splitLine, withoutBreak } from '../../src/config/words.js'

describe('a line is split', () => {
  test.each<[line: string, words: [string, number][]]>([
    ['', []],
    [' \t ', []],
    ['# a comment', []],
    [
      'a  b\tc',
      [
        ['a', 1],
        ['b', 4],
        ['c', 6],
      ],
    ],
    ['  a #b c', [['a', 3]]],
    [
      'a#b c',
      [
        ['a#b', 1],
        ['c', 5],
      ],
    ],
    [
      '😀 b',
      [
        ['😀', 1],
        ['b', 3],
      ],
    ],
  ])('%j', (line, words) => {
    expect(splitLine(line).map(({ text, column }) => [text, column])).toEqual(words)
  })

  test.each([
    ['a b\u0000c', 4, 'U+0000'],
    ['😀\u001b[31m', 2, 'U+001B'],
    ['a\r', 2, 'U+000D'],
    ['a\u00a0b', 2, 'U+00A0'],
    ['a \u{e0041}', 3, 'U+E0041'],
  ])('%j not, because of column %i', (line, column, code) => {
    expect(() => splitLine(line)).toThrow(
      expect.objectContaining({
        column,
        error: expect.objectContaining({ code: 'CHARACTER_INVALID', details: { code } }),
      }),
    )
  })

  test('and one that is too long not, from the first character on that is too much', () => {
    expect(splitLine('x'.repeat(longestLine))).toHaveLength(1)
    expect(() => splitLine('x'.repeat(longestLine + 1))).toThrow(Misplaced)
    expect(() => splitLine('x'.repeat(longestLine + 1))).toThrow(expect.objectContaining({ column: longestLine + 1 }))
  })
})

test.each([
  ['a b', 'x y z', 'x y z'],
  ['  a\tb # c d\n', 'x', '  x # c d\n'],
  ['a\r\n', 'x', 'x\r\n'],
  ['# c', 'x', '# c'],
  ['\n', 'x', '\n'],
])('the words of %j become %j: %j', (line, words, expected) => {
  expect(replaceWords(line, words)).toBe(expected)
})

test('lines joined are the text, and each has one line break at most, at its end', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', '\n', '\r\n', '\r', ' ', '#')), (parts) => {
      const text = parts.join('')
      expect(linesOf(text).join('')).toBe(text)
      for (const line of linesOf(text))
        expect(line.indexOf('\n') < 0 || line.indexOf('\n') === line.length - 1).toBe(true)
    }),
  )
})

test.each([
  ['a\n', 'a'],
  ['a\r\n', 'a'],
  ['a\r', 'a'],
  ['a', 'a'],
  ['', ''],
])('%j without its break is %j', (line, expected) => {
  expect(withoutBreak(line)).toBe(expected)
})
