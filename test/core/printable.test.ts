import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cellOf, either, oneLine, oneLined, printable } from '../../src/core/printable.js'

const acted = /(?![\n\t])[\p{C}\p{Zl}\p{Zp}]/u
const emphasis = ['\u001b[1m', '\u001b[22m', '\u001b[4m', '\u001b[24m']
const anyText = fc.string({ unit: 'binary' })
/** Of the characters that matter, and with halves of pairs. */
const hostile = fc
  .array(
    fc.constantFrom(
      ...'\u001b\u0007\u0000\r\n\t\u007f\u009b\u2028\u2029\u202e\u2066\u200b\u00ad\ufeff\ud83d\ude00[31m;a',
      '\u{e0001}',
    ),
  )
  .map((characters) => characters.join(''))

describe('what is printed', () => {
  test.each([
    ['a terminal is told', '\u001b]0;title\u0007\u009b31m', '\\u001b]0;title\\u0007\\u009b31m'],
    ['goes over what stands there', 'a\rb\bc', 'a\\u000db\\u0008c'],
    ['turns a line around', 'a\u202eb\u2066c\u2069', 'a\\u202eb\\u2066c\\u2069'],
    ['is not seen', 'a\u200bb\u00adc\ufeff', 'a\\u200bb\\u00adc\\ufeff'],
    ['is a line to some', 'a\u2028b\u2029c\u0085', 'a\\u2028b\\u2029c\\u0085'],
    ['is half a character', 'a\ud83db', 'a\\ud83db'],
    ['is beyond U+FFFF and not seen', 'a\u{e0041}b', 'a\\udb40\\udc41b'],
    ['has another end of what looks like emphasis', '\u0007[1m', '\\u0007[1m'],
    ['is emphasis of another kind', '\u001b[8m', '\\u001b[8m'],
  ])('is a code where it %s', (_, text, shown) => {
    expect(printable(text)).toBe(shown)
    expect(oneLine(text)).toBe(shown)
  })

  test.each([
    '',
    'plain',
    'two\nlines\twith a tab',
    'Größe 北京 ünïcödé 😀',
    '\u001b[1mUSAGE\u001b[22m \u001b[4mx\u001b[24m',
  ])('is as it was where nothing acts: %j', (text) => {
    expect(printable(text)).toBe(text)
  })

  test('holds nothing that a terminal acts on, whatever goes in, and is the same printed again', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, hostile), (text) => {
        const shown = printable(text)
        expect(emphasis.reduce((rest, one) => rest.replaceAll(one, ''), shown)).not.toMatch(acted)
        expect(printable(shown)).toBe(shown)
      }),
    )
  })

  test('means the same in JSON', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, hostile), (text) => {
        expect(JSON.parse(printable(JSON.stringify({ text }, null, 2)))).toEqual({ text })
      }),
    )
  })
})

describe('one line', () => {
  test('has no line break, and no emphasis', () => {
    expect(oneLine('a\n  <0>b\u001b[1m\tc')).toBe('a <0>b\\u001b[1m\\u0009c')
    fc.assert(
      fc.property(fc.oneof(anyText, hostile), (text) => {
        expect(oneLine(text)).not.toMatch(/\n|[\p{C}\p{Zl}\p{Zp}]/u)
      }),
    )
  })

  test('is each text of a value; what is no text stays', () => {
    const value = { name: 'a\nb', list: ['\u001b', 1, null, true], deep: { none: undefined, text: 'c' } }
    expect(oneLined(value)).toEqual({
      name: 'a b',
      list: ['\\u001b', 1, null, true],
      deep: { none: undefined, text: 'c' },
    })
  })
})

describe('a cell', () => {
  test.each([
    ['web-1', 'web-1'],
    ['北京', '\\u5317\\u4eac'],
    ['e\u0301', 'e\\u0301'],
    ['a\tb', 'a\\u0009b'],
  ])('of %j is %s', (text, shown) => {
    expect(cellOf(text)).toBe(shown)
  })

  test('is as wide as it is long, and not wider than a name can be', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, hostile), (text) => {
        expect(cellOf(text)).toMatch(/^[ -~]*$/)
      }),
    )
    expect(cellOf('x'.repeat(1_000_000))).toBe(`${'x'.repeat(252)}...`)
  })
})

test.each([
  ['', []],
  ['a', ['a']],
  ['a or b', ['a', 'b']],
  ['a, b or c', ['a', 'b', 'c']],
])('%j is a choice from %j', (text, words) => {
  expect(either(words)).toBe(text)
})
