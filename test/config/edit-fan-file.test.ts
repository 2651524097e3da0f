import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addLine, disableLine, enableLine, hasLine, newLine } from '../../src/config/edit-fan-file.js'
import { isEnabled, parseFanFile } from '../../src/config/fan-file.js'
import { networksOf, sameNetworks } from '../../src/config/networks.js'
import { readOverlay, readUnderlay } from '../../src/config/values.js'
import type { NamedNetworks } from '../../src/core/networks.js'

const named = (underlay: string, overlay: string): NamedNetworks => ({
  overlay: readOverlay('the overlay', overlay),
  underlay: readUnderlay('the underlay', underlay),
})
const usual = named('10.0.0.0/16', '250.0.0.0/8')

describe('enabling the line of a fan', () => {
  test.each([
    ['an empty file', '', '10.0.0.0/16 250.0.0.0/8 --dhcp --enable\n'],
    ['a file without it', '# mine\n', '# mine\n10.0.0.0/16 250.0.0.0/8 --dhcp --enable\n'],
    ['a last line without an end', '# mine', '# mine\n10.0.0.0/16 250.0.0.0/8 --dhcp --enable\n'],
    ['a bad line', 'nonsense\r\n', 'nonsense\r\n10.0.0.0/16 250.0.0.0/8 --dhcp --enable\n'],
    ['an enabled one', '10.0.0.0/16  250.0.0.0/8 --dhcp --enable', '10.0.0.0/16  250.0.0.0/8 --dhcp --enable'],
    ['overlay first', '250.0.0.0/8 10.0.3.4/16 dhcp\n', '250.0.0.0/8 10.0.3.4/16 dhcp\n'],
    [
      'one that is off, with a comment',
      '  250.0.0.0/8 10.0.3.4/16 bridge off off  # mine\r\nx',
      '  10.0.3.4/16 250.0.0.0/8 --dhcp --bridge off --enable  # mine\r\nx',
    ],
    [
      'one that is off and one that is not',
      '250.0.0.0/8 10.0.0.0/16 off\n250.0.0.0/8 10.0.0.0/16 dhcp\n',
      '250.0.0.0/8 10.0.0.0/16 off\n250.0.0.0/8 10.0.0.0/16 dhcp\n',
    ],
  ])('%s', (_, before, after) => {
    expect(enableLine(before, usual, { dhcp: true })).toBe(after)
  })
})

describe('disabling it', () => {
  test.each([
    ['what fanatic wrote', '# a\n10.0.0.0/16 250.0.0.0/8 --dhcp --enable\n# b', '# a\n# b'],
    ['the last line', '# a\n10.0.0.0/16 250.0.0.0/8 --enable', '# a\n'],
    [
      'one that says more',
      '250.0.0.0/8 10.0.0.0/16 dhcp bridge fan0 # x\n',
      '10.0.0.0/16 250.0.0.0/8 --dhcp --bridge fan0 off # x\n',
    ],
    [
      'others',
      '10.1.0.0/16 250.0.0.0/8 --enable\neth0 250.0.0.0/8\n',
      '10.1.0.0/16 250.0.0.0/8 --enable\neth0 250.0.0.0/8\n',
    ],
  ])('%s', (_, before, after) => {
    expect(disableLine(before, usual)).toBe(after)
  })
})

test.each(['#1', 'bridge=', '-u', '\u001b[2J'])('a device that no line can name is refused: %j', (device) => {
  const odd: NamedNetworks = { overlay: usual.overlay, underlay: { kind: 'device', device, length: 16 } }
  expect(() => newLine(odd, {})).toThrow(expect.objectContaining({ code: 'UNDERLAY_MALFORMED' }))
})

const anyLine = fc.oneof(
  fc.constantFrom(
    '10.0.0.0/16 250.0.0.0/8 --dhcp --enable',
    '250.0.0.0/8 10.0.3.4/16 dhcp off # mine',
    '\t250.0.0.0/8   10.0.0.0/16 bridge fan0',
    '250.0.0.0/8 eth0/16 dhcp',
    '# 10.0.0.0/16 250.0.0.0/8 --enable',
    '10.0.0.0/16 250.0.0.0/8 --nonsense',
    '',
  ),
  fc.string({ maxLength: 12 }).map((text) => text.replaceAll('\n', '')),
)
const anyFile = fc
  .tuple(fc.array(fc.tuple(anyLine, fc.constantFrom('\n', '\r\n'))), anyLine)
  .map(([lines, last]) => lines.flat().join('') + last)
const ownLines = (text: string) => parseFanFile(text).lines.filter((line) => sameNetworks(line, usual))

/** The bytes of a file without the lines of the fan; a file may have got its last line's end. */
function others(text: string): string {
  const own = new Set(ownLines(text).map(({ line }) => line - 1))
  return text
    .split('\n')
    .filter((_, index) => !own.has(index))
    .join('\n')
    .replace(/\n*$/, '')
}

test('any file: there is an enabled line afterwards, once, and every other byte is as before', () => {
  fc.assert(
    fc.property(anyFile, (before) => {
      const after = enableLine(before, usual, {})
      expect(ownLines(after).some(isEnabled)).toBe(true)
      expect(others(after)).toBe(others(before))
      expect(ownLines(after).length).toBe(Math.max(1, ownLines(before).length))
      expect(enableLine(after, usual, {})).toBe(after)
      expect(addLine(after, usual, {})).toBe(after)
    }),
  )
})

test('any file: there is none afterwards, and every other byte is as before', () => {
  fc.assert(
    fc.property(anyFile, (before) => {
      const after = disableLine(before, usual)
      expect(ownLines(after).some(isEnabled)).toBe(false)
      expect(others(after)).toBe(others(before))
      expect(disableLine(after, usual)).toBe(after)
      expect(hasLine(after, usual)).toBe(ownLines(after).length > 0)
    }),
  )
})

test('an address and its network are the same networks, devices only under the same name', () => {
  expect(networksOf(named('10.0.3.4/16', '250'))).toBe('10.0.0.0/16 250.0.0.0/8')
  expect(sameNetworks(named('10.0.3.4/16', '250'), usual)).toBe(true)
  expect(sameNetworks(named('eth0', '250'), named('eth1', '250'))).toBe(false)
})
