import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseLeases } from '../../src/dnsmasq-conf/leases.js'
import { sortLeases } from '../../src/dnsmasq-conf/set-aside.js'
import { address } from '../core/support.js'

const now = new Date('2026-11-21T09:00:00Z')
const seconds = now.getTime() / 1000
const pool = { first: address('250.3.4.2'), last: address('250.3.4.6') }
const other = { first: address('250.3.9.2'), last: address('250.3.9.254') }

/** A lease that lasts for some minutes yet. */
const lease = (text: string, { minutes = 30, host = 1, client = '*' } = {}) =>
  `${seconds + 60 * minutes} 00:16:3e:00:00:${host.toString(16).padStart(2, '0')} ${text} web${host} ${client}\n`
const sort = (stored: string, kept = '', range = pool) => sortLeases(stored, kept, range, now)

describe('a server begins with', () => {
  test('the leases of its pool, as they are', () => {
    const stored = lease('250.3.4.5', { host: 2 }) + lease('250.3.4.3')
    expect(sort(stored)).toEqual({ current: stored, aside: '', returning: '' })
  })

  test.each(['250.3.4.1', '250.3.4.7', '250.3.9.9', '10.0.3.4'])('none of %s, which is set aside', (text) => {
    expect(sort(lease(text))).toEqual({ current: '', aside: lease(text), returning: '' })
  })

  test('none that is over, of any pool', () => {
    const stored = lease('250.3.4.3', { minutes: 0 }) + lease('250.3.9.9', { minutes: -1 })
    expect(sort(stored, stored)).toEqual({ current: '', aside: '', returning: '' })
  })

  test('those without an end', () => {
    const line = '0 00:16:3e:00:00:01 250.3.4.3 * *\n'
    expect(sort(line).current).toBe(line)
    expect(sort(line, '', other).aside).toBe(line)
  })

  test('those of its pool that were set aside, if nobody has got their address or another one since', () => {
    const stored = lease('250.3.4.3', { host: 1 })
    const back = lease('250.3.4.4', { host: 2 })
    const kept = back + lease('250.3.4.3', { host: 3 }) + lease('250.3.4.5', { host: 1 }) + lease('250.3.9.9')
    expect(sort(stored, kept)).toEqual({ current: stored + back, aside: lease('250.3.9.9'), returning: back })
  })

  test('one for each address and client: the one that lasts longest', () => {
    const long = lease('250.3.4.3', { minutes: 50, host: 1 })
    const twice = lease('250.3.4.3', { minutes: 40, host: 2 }) + lease('250.3.4.4', { minutes: 20, host: 1 })
    expect(sort(twice + long).current).toBe(long)
    const apart = lease('250.3.4.3', { client: '01:02' }) + lease('250.3.4.4', { client: '01:03' })
    expect(sort(apart).current).toBe(apart)
  })

  test('nothing but leases that dnsmasq can read', () => {
    const rubbish = [
      'duid 00:01',
      'x'.repeat(5000),
      '1 2 3 4 5',
      '\0\u001b[31m',
      `${lease('250.3.4.5').trim()}\r`,
      lease('250.3.4.6').replace('web1', 'w\u001b'),
      `${lease('250.3.4.3').trim()} more`,
    ]
    expect(sort(`${rubbish.join('\n')}\n${lease('250.3.4.4')}`).current).toBe(lease('250.3.4.4'))
  })
})

test('no more leases than the pool has addresses, and each is in one of the files', () => {
  const anyLease = fc
    .tuple(fc.nat(12), fc.integer({ min: 1, max: 90 }), fc.nat(255), fc.boolean())
    .map(([last, minutes, host, isHere]) => lease(`250.3.${isHere ? 4 : 9}.${last}`, { minutes, host }))
  const anyFile = fc.array(anyLease, { maxLength: 30 }).map((lines) => lines.join(''))
  fc.assert(
    fc.property(anyFile, anyFile, (stored, kept) => {
      const { current, aside, returning } = sort(stored, kept)
      expect(parseLeases(current).length).toBeLessThanOrEqual(5)
      const addresses = (text: string) => parseLeases(text).map((one) => one.address)
      expect(new Set(addresses(current)).size).toBe(addresses(current).length)
      for (const one of addresses(stored).filter((each) => each < pool.first || each > pool.last))
        expect(addresses(aside)).toContain(one)
      // A kill between writing the one file and the other: sorting again comes to the same.
      const again = sort(stored, aside + returning)
      expect(again.current).toBe(current)
      expect(sort(current, aside + returning)).toMatchObject({ current, aside })
      expect(sort(current, aside)).toEqual({ current, aside, returning: '' })
    }),
  )
})

test('a slice that comes back brings its leases back', () => {
  const stored = lease('250.3.4.3', { host: 1 }) + lease('250.3.4.4', { host: 2 })
  const away = sort(stored, '', other)
  expect(away.current).toBe('')
  const elsewhere = lease('250.3.9.9', { host: 7 })
  const back = sort(elsewhere, away.aside)
  expect(new Set(back.current.split('\n'))).toEqual(new Set(stored.split('\n')))
  expect(back.aside).toBe(elsewhere)
})

test('what is set aside is bounded, and so is the time that a hundred thousand lines take', () => {
  const lines = Array.from({ length: 100_000 }, (_, n) =>
    n % 2 === 0 ? `rubbish ${n}` : lease(`250.${n % 200}.${Math.floor(n / 200) % 250}.9`, { minutes: n }).trim(),
  )
  const begun = performance.now()
  const { aside, current } = sort(lines.join('\n'))
  expect(performance.now() - begun).toBeLessThan(5000)
  expect(parseLeases(aside).length).toBe(4096)
  expect(parseLeases(current).length).toBeLessThanOrEqual(5)
})
