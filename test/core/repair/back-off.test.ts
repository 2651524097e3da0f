import { describe, expect, test } from 'vitest'
import { BackOff, delayAfter } from '../../../src/core/repair/back-off.js'

test('the first attempt is made at once, each next one after twice as long, up to a minute', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 100].map(delayAfter)).toEqual([
    0, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000,
  ])
})

describe('a thing', () => {
  test('that is never mended again has nothing to wait for', () => {
    expect(new BackOff().wait('route', 5)).toBe(0)
  })

  test('that breaks again and again waits longer each time, measured from the last attempt', () => {
    const backOff = new BackOff()
    let now = 1000
    const waits: number[] = []
    for (let count = 1; count <= 9; count += 1) {
      expect(backOff.attempted('route', now, true)).toBe(count)
      now += 10
      const wait = backOff.wait('route', now)
      waits.push(wait)
      expect(backOff.wait('route', now + wait - 1)).toBe(1)
      now += wait
      expect(backOff.wait('route', now)).toBe(0)
    }
    expect(waits).toEqual([990, 1990, 3990, 7990, 15_990, 31_990, 59_990, 59_990, 59_990])
  })

  test('that lasts a minute begins anew, and waiting for a minute is not lasting', () => {
    const backOff = new BackOff()
    for (let count = 0; count < 8; count += 1) backOff.attempted('route', 0, true)
    expect(backOff.wait('route', 5)).toBe(59_995)
    expect(backOff.wait('route', 60_000)).toBe(0)
    expect(backOff.attempted('route', 60_000, true)).toBe(9)
    expect(backOff.wait('route', 119_999)).toBe(1)
    backOff.attempted('route', 120_000, true)
    expect(backOff.wait('route', 180_000)).toBe(0)
    expect(backOff.attempted('route', 180_000, true)).toBe(1)
  })

  test('that could not be mended does not begin anew, however long nobody asks', () => {
    const backOff = new BackOff()
    for (let count = 0; count < 8; count += 1) backOff.attempted('route', 0, false)
    expect(backOff.wait('route', 90_000)).toBe(0)
    expect(backOff.attempted('route', 90_000, false)).toBe(9)
  })

  test('does not hold up another', () => {
    const backOff = new BackOff()
    backOff.attempted('route', 0, true)
    expect([backOff.wait('route', 1), backOff.wait('filter', 1)]).toEqual([999, 0])
  })

  test('waits no more once all is forgotten', () => {
    const backOff = new BackOff()
    backOff.attempted('route', 0, true)
    backOff.forget()
    expect(backOff.wait('route', 1)).toBe(0)
    expect(backOff.attempted('route', 1, true)).toBe(1)
  })
})
