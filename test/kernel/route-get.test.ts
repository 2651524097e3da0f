import { expect, test } from 'vitest'
import { type Attribute, encodeAttributes, u32, u32be } from '../../src/kernel/attributes.js'
import { decodePath } from '../../src/kernel/route-get.js'
import { address } from '../core/support.js'

const nameOf = (index: number) => (index === 2 ? 'eth0' : '')
/** struct rtmsg: the type of the route is its eighth byte. */
const answer = (type: number, attributes: readonly Attribute[]) =>
  Buffer.concat([Buffer.from([2, 32, 0, 0, 254, 0, 0, type, 0, 0, 0, 0]), encodeAttributes(attributes)])

test('a way has a link, and perhaps a next hop, a source and an MTU', () => {
  const message = answer(1, [
    [4, u32(2)],
    [5, u32be(address('10.0.0.1'))],
    [7, u32be(address('10.0.3.4'))],
    [8, [[2, u32(1400)]]],
  ])
  expect(decodePath(message, nameOf)).toEqual({
    ...{ kind: 'unicast', link: 'eth0', via: address('10.0.0.1'), source: address('10.0.3.4'), mtu: 1400 },
  })
})

test.each([
  [1, 'unicast'],
  [2, 'local'],
  [3, 'broadcast'],
  [7, 'none'],
])('a way of the type %d is %s', (type, kind) => {
  expect(decodePath(answer(type, []), nameOf)).toMatchObject({ kind, link: '', via: undefined, mtu: undefined })
})
