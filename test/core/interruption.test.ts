import { expect, test } from 'vitest'
import { heed, interruptionOf } from '../../src/core/interruption.js'
import { errorOf } from './support.js'

test.each([undefined, new AbortController().signal])('nobody has asked to stop: %s', (signal) => {
  expect(interruptionOf(signal)).toBeUndefined()
  expect(() => heed(signal)).not.toThrow()
})

test('what asked to stop is named, and what failed by it is the cause', () => {
  const signal = AbortSignal.abort('SIGHUP')
  expect(errorOf(() => heed(signal))).toMatchObject({ code: 'INTERRUPTED', details: { signal: 'SIGHUP' } })
  const cause = new Error('a program was ended')
  expect(interruptionOf(signal, cause)?.cause).toBe(cause)
})
