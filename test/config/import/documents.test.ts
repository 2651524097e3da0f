import { describe, expect, test } from 'vitest'
import { itemsOf, readDocuments } from '../../../src/config/import/documents.js'

const read = (text: string) => readDocuments(text, 'the text')

describe('a document is read', () => {
  test.each<[text: string, documents: unknown[]]>([
    ['', []],
    ['# nothing\n', []],
    ['a', ['a']],
    ['a: 1\n---\n[b, c]\n', [{ a: '1' }, ['b', 'c']]],
    [
      '{a: 010, b: 1e400, c: yes, d: null, e: ~, f: 0x10, g: }',
      [{ a: '010', b: '1e400', c: 'yes', d: 'null', e: '~', f: '0x10', g: '' }],
    ],
    ['a: |\r\n  x\r\n  y\r\nb: 2\r\n', [{ a: 'x\ny\n', b: '2' }]],
    ["a: \"x\\n\\u00e9\"\nb: 'it''s'\n", [{ a: 'x\né', b: "it's" }]],
    ['a: &x {k: 1}\nb: *x\nc: {<<: *x, l: 2}\n', [{ a: { k: '1' }, b: { k: '1' }, c: { k: '1', l: '2' } }]],
    ['\ufeffa: 1', [{ a: '1' }]],
    ['%YAML 1.1\n---\na: no\n', [{ a: 'no' }]],
  ])('%j', (text, documents) => {
    expect(read(text)).toEqual(documents)
  })

  test('a key of JavaScript is a key like others', () => {
    const [document] = read('__proto__: {x: 1}\nconstructor: 2\n') as [object]
    expect(Object.keys(document)).toEqual(['__proto__', 'constructor'])
    expect(Object.getPrototypeOf(document)).toBe(Object.prototype)
    expect(Object.getOwnPropertyDescriptor(Object.prototype, 'x')).toBeUndefined()
  })

  test('a tag runs nothing and makes nothing', () => {
    expect(read('a: !!js/function "function () {}"\nb: !own 1\nc: !!int 5\n')).toEqual([
      { a: 'function () {}', b: '1', c: '5' },
    ])
  })
})

describe('what is wrong is said with its place', () => {
  test.each([
    ['{', 1, 2],
    ['a: 1\na: 2\n', 2, 1],
    ['a: 1\n---\nb: "x\n', 4, 1],
    ['config:\n  bridge.mode: fan\n bad: x\n', 3, 1],
    ['a: &a 1\nb: *a\nc: *nobody\n', 3, 4],
    ['a:\n\tb: 1\n', 2, 1],
    ['{"a": 1,\n "b" 2}', 2, 6],
  ])('%j: line %i, column %i', (text, line, column) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ code: 'IMPORT_MALFORMED', details: expect.objectContaining({ line, column }) }),
    )
  })
})

describe('what would take long or much memory is refused', () => {
  const lines = (count: number, lineOf: (index: number) => string) =>
    Array.from({ length: count }, (_, i) => lineOf(i)).join('\n')
  const laughs = `a0: &a0 [x, x]\n${lines(40, (i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`)}`
  const size = 2 ** 17
  test.each([
    ['aliases of aliases', laughs, 'IMPORT_MALFORMED'],
    [
      'merged aliases of aliases',
      `a0: &a0 {x: 1}\n${lines(200, (i) => `a${i + 1}: &a${i + 1} {<<: *a${i}, k${i}: *a${i}}`)}`,
      'IMPORT_MALFORMED',
    ],
    ['lists in lists', '['.repeat(size), 'IMPORT_UNKNOWN'],
    ['closed lists in lists', '['.repeat(size / 2) + ']'.repeat(size / 2), 'IMPORT_UNKNOWN'],
    ['mappings in mappings', '{a: '.repeat(size / 4), 'IMPORT_UNKNOWN'],
    ['items of items', '- '.repeat(size / 2), 'IMPORT_UNKNOWN'],
    ['keys of keys', '? '.repeat(size / 2), 'IMPORT_UNKNOWN'],
    ['deeper and deeper lines', lines(500, (i) => `${' '.repeat(i)}a:`), 'IMPORT_UNKNOWN'],
    ['very many keys', lines(10_000, (i) => `key${i}: v`), 'IMPORT_UNKNOWN'],
    ['very many documents', '---\na: 1\n'.repeat(14_000), 'IMPORT_UNKNOWN'],
    ['very many empty items', '-\n'.repeat(size / 2), 'IMPORT_UNKNOWN'],
    ['very many anchors', '&a '.repeat(size / 3), 'IMPORT_MALFORMED'],
    ['very many tags', '!a '.repeat(size / 3), 'IMPORT_MALFORMED'],
    ['very many mistakes', '[ }\n'.repeat(size / 4), 'IMPORT_UNKNOWN'],
  ])('%s', (_, text, code) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code }))
  })

  test.each([
    ['empty lines', `a:\n${'\n'.repeat(size)}`],
    ['blanks', `a:${' '.repeat(size)}`],
    ['one long value', `a: ${'x '.repeat(size / 2)}`],
  ])('but not %s', (_, text) => {
    expect(read(text)).toHaveLength(1)
  })

  test('a list that holds itself is read once', () => {
    const [document] = read('&a [*a]') as [unknown[]]
    expect(itemsOf([document])).toEqual([document])
  })
})

test('lists are taken apart, one level of them', () => {
  expect(itemsOf(['a', ['b', ['c']], { items: ['d'] }, { networks: ['e'] }, { items: 'f' }])).toEqual([
    'a',
    'b',
    ['c'],
    'd',
    'e',
    { items: 'f' },
  ])
})
