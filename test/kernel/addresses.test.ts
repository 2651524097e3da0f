import { expect, test } from 'vitest'
import { addressMessage, decodeAddress } from '../../src/kernel/addresses.js'
import { encodeAttributes, u32be } from '../../src/kernel/attributes.js'
import { address, prefix } from '../core/support.js'

const nameOf = (index: number) => `link ${index}`

test.each(['250.3.4.1/24', '128.0.0.1/32', '250.3.4.1/8'])('the address %s reads back as it was', (text) => {
  const own = { link: 'link 7', prefix: prefix(text) }
  expect(decodeAddress(addressMessage(7, own), nameOf)).toEqual(own)
})

/** struct ifaddrmsg: family, length, flags, scope, index. */
const header = Buffer.from([2, 32, 0, 0, 0, 0, 0, 0])

test('of the two addresses of a point-to-point link its own counts', () => {
  const attributes = encodeAttributes([
    [1, u32be(address('10.9.9.9'))],
    [2, u32be(address('10.0.0.1'))],
  ])
  expect(decodeAddress(Buffer.concat([header, attributes]), nameOf).prefix).toEqual(prefix('10.0.0.1/32'))
})

test('a message without an address is none', () => {
  expect(() => decodeAddress(header, nameOf)).toThrow('a message of the kernel lacks IFA_ADDRESS')
})
