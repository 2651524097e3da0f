import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sha256Of } from '../../src/core/digest.js'

test.each([
  // FIPS 180-4, examples of SHA-256.
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
])('the digest of %j', (text, digest) => {
  expect(sha256Of(text)).toBe(digest)
})

test('it is that of OpenSSL, by which programs and rules of running hosts are named', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      expect(sha256Of(text)).toBe(createHash('sha256').update(text).digest('hex'))
    }),
  )
})
