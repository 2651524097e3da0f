import { describe, expect, onTestFinished, test } from 'vitest'
import { isEnabled, parseFanFile } from '../../src/config/fan-file.js'
import { checkBridgeName, isLinkName } from '../../src/core/names.js'

const both = `# Underlay      Overlay      Flags
172.30.0.0/16   250.0.0.0/8  --dhcp --enable
10.9.0.0/16     251.0.0.0/8  --dhcp

10.0.0.0/8 eth0/16 dhcp
  10.0.0.0/8 eth1/16 dhcp off
241.0.0.0/8 eth0/16 dhcp\r
250.0.0.0/8 eth0/16 dhpc
127.0.0.0/8 eth0/16
  252.0.0.0/8 eth0/16 vni 5
`

describe('a fan file', () => {
  const { lines, problems } = parseFanFile(both)

  test('has lines of both generations', () => {
    expect(lines.map(({ line }) => line)).toEqual([2, 3, 5, 6, 7])
  })

  test('brings up what is enabled, and what has the overlay first unless it is off', () => {
    expect(lines.filter(isEnabled).map(({ line }) => line)).toEqual([2, 5, 7])
  })

  test('has every problem with its place', () => {
    expect(problems.map(({ line, column, error }) => [line, column, error.code])).toEqual([
      [8, 21, 'OPTION_UNKNOWN'],
      [9, 1, 'OVERLAY_RESERVED'],
      [10, 3, 'OPTION_NEEDS_VXLAN'],
    ])
  })

  test('is read together with settings that are kept elsewhere', () => {
    const { problems: fewer } = parseFanFile(both, () => ({ encapsulation: 'vxlan' }))
    expect(fewer.map(({ line }) => line)).toEqual([8, 9])
  })

  test.each([
    ['250.0.0.0/16 eth0/8', 'OVERLAY_NOT_WIDER'],
    ['250.0.0.0/8 250.0.3.4/16', 'OVERLAY_ON_UNDERLAY'],
    ['250.0.0.0/8 10.0.3.4/9', 'SLICE_TOO_SMALL'],
    ['250.0.0.0/8 eth0/16 host-reserve 254', 'HOST_RESERVE_INVALID'],
  ])('has no fan that cannot be: %s', (text, code) => {
    expect(parseFanFile(text).problems.map(({ error }) => error.code)).toEqual([code])
  })
})

/** Good lines, and what a finger, a broken editor or an attacker makes of them. */
const goodLines = both.split('\n').filter((line) => /^\d/.test(line))
const poison = [
  '\0',
  '\n',
  '\r',
  ';',
  '$(reboot)',
  '`x`',
  '../',
  '\u001b[2J',
  '#',
  '=',
  '/',
  '--',
  '-o',
  '"',
  "'",
  '\\',
  '\u2028',
  '🦊',
  '٣',
  ' ',
  '.',
  '%n',
  '0',
  '9'.repeat(20),
  'dhcp',
  'bridge',
  '::',
]
/** bin/test asks for a hundred thousand. */
const runs = Number(process.env['FANCTL_FUZZ_LINES'] ?? 10_000)

/** The same numbers for the same seed (mulberry32); fast-check's own take ten times as long as all the lines. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

function damaged(line: string, random: (below: number) => number): string {
  let text = line
  for (let edits = 1 + random(4); edits > 0; edits -= 1) {
    const at = random(text.length + 1)
    const put = random(3) === 0 ? String.fromCharCode(random(0x250)) : (poison[random(poison.length)] ?? '')
    text = text.slice(0, at) + put + text.slice(at + random(4))
  }
  return text
}

test('damaged lines by the thousand: each is read or refused with its place, and nothing gets through unchecked', () => {
  const started = Date.now()
  let count = 0
  // Most of the time would go into stacks that nobody reads.
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  onTestFinished(() => {
    Error.stackTraceLimit = stackTraceLimit
  })
  const random = randomFrom(7)
  for (let run = 0; run < runs; run += 1) {
    const text = damaged(goodLines[random(goodLines.length)] ?? '', random)
    const rows = text.split('\n')
    const { lines, problems } = parseFanFile(text)
    for (const problem of problems) {
      const row = rows[problem.line - 1] ?? ''
      if (!(problem.column >= 1 && problem.column <= row.length + 1))
        throw new Error(`no such place: ${JSON.stringify(text)}`)
      if (/[\p{Cc}\u2028\u2029]/u.test(problem.error.message)) throw new Error(`unprintable: ${JSON.stringify(text)}`)
    }
    for (const { request } of lines) {
      if (request.bridge !== undefined) checkBridgeName(request.bridge)
      if (request.underlay.kind === 'device' && !isLinkName(request.underlay.device))
        throw new Error(JSON.stringify(text))
      const numbers = [request.mtu, request.vni, request.port, request.hostReserve, request.overlay.address]
      if (!numbers.every((number) => number === undefined || Number.isInteger(number)))
        throw new Error(JSON.stringify(text))
    }
    count += 1
  }
  expect(count).toBe(runs)
  expect(Date.now() - started).toBeLessThan(60_000)
}, 90_000)
