import { describe, expect, test } from 'vitest'
import { linkGroup } from '../../../src/core/creation.js'
import { type Attribute, encodeAttributes, text, u32 } from '../../../src/kernel/attributes.js'
import { altname, decodeLink, header, ifla, info } from '../../../src/kernel/links/message.js'

const always: Attribute[] = [
  [ifla.ifname, text('eth0')],
  [ifla.mtu, u32(1500)],
  [ifla.group, u32(0)],
]
const messageOf = (attributes: readonly Attribute[], up = true) =>
  Buffer.concat([header(7, up), encodeAttributes(attributes)])

describe('a message about a link', () => {
  test('has the rest left out where the kernel does', () => {
    expect(decodeLink(messageOf(always))).toMatchObject({
      ...{ index: 7, name: 'eth0', altnames: [], kind: undefined, ours: false, mac: undefined, mtu: 1500, up: true },
      ...{ carrier: false, alias: '', master: undefined, port: undefined, vni: undefined, fanMap: undefined },
    })
  })

  test('tells ours by the group, and whose port it is and what else it is called', () => {
    const message = messageOf(
      [
        ...always.slice(0, 2),
        [ifla.group, u32(linkGroup)],
        [ifla.master, u32(9)],
        [ifla.linkinfo, [[info.kind, text('bridge')]]],
        [
          ifla.properties,
          [
            [altname, text('a')],
            [altname, text('b')],
          ],
        ],
      ],
      false,
    )
    expect(decodeLink(message)).toMatchObject({
      ours: true,
      kind: 'bridge',
      up: false,
      master: 9,
      altnames: ['a', 'b'],
    })
  })

  test.each([
    ['IFLA_IFNAME', 0],
    ['IFLA_MTU', 1],
    ['IFLA_GROUP', 2],
  ])('without %s is no such message', (name, at) => {
    const message = messageOf(always.filter((_, index) => index !== at))
    expect(() => decodeLink(message)).toThrow(`a message of the kernel lacks ${name}`)
  })
})
