import { endianness } from 'node:os'
import { expect, test } from 'vitest'
import { steeringOf } from '../../src/core/steerings/steerings.js'
import { decodeNeighbour, neighbourMessage } from '../../src/kernel/neighbours.js'
import { fan } from '../core/support.js'

const nameOf = (index: number) => `link ${index}`
const one = fan({ type: 'vxlan', underlay: '10.0.3.4/24', steering: 'routes' })
const neighbours = steeringOf(one).neighbours(one)

test('next hops read back as they were', () => {
  expect(neighbours.length).toBeGreaterThan(200)
  for (const one of neighbours)
    expect(decodeNeighbour(neighbourMessage(7, one), nameOf)).toEqual({ ...one, link: 'link 7' })
})

test.runIf(endianness() === 'LE')(
  'those that were learned are none of ours, nor those without hardware address',
  () => {
    const [neighbour] = neighbours
    const message = neighbour ? neighbourMessage(7, neighbour) : Buffer.alloc(12)
    expect(decodeNeighbour(message.subarray(0, 20), nameOf)).toBeUndefined()
    message.writeUInt16LE(4, 8)
    expect(decodeNeighbour(message, nameOf)).toBeUndefined()
  },
)
