import { beforeEach, describe, expect, test } from 'vitest'
import { suggest } from '../../../src/app/fan/suggest.js'
import { up } from '../../../src/app/fan/up.js'
import { formatPrefix } from '../../../src/core/ipv4.js'
import { FakeFiles } from '../../fake/files.js'
import { FakeMachine, ordinaryHost } from '../../fake/machine.js'
import { prefix, request } from './requests.js'

let files = new FakeFiles()
beforeEach(() => {
  files = new FakeFiles()
})

/** Underlay and overlay for a host with this address and more routes. */
function proposal(address: string, ...routes: string[]): (string | undefined)[] {
  const found = ordinaryHost(prefix(address))
  const more = routes.map((text) => ({ prefix: prefix(text), link: 'x', source: undefined, isStatic: true }))
  const { underlay, overlay } = suggest({ ...found, routes: [...found.routes, ...more] }, files)
  return [underlay && formatPrefix(underlay), overlay && formatPrefix(overlay)]
}

describe('the wizard proposes', () => {
  test.each([
    ['10.2.3.4/16', [], ['10.2.0.0/16', '250.0.0.0/8']],
    ['192.168.7.9/24', [], ['192.168.7.0/24', '250.0.0.0/8']],
    ['10.2.3.4/32', [], ['10.2.0.0/16', '250.0.0.0/8']],
    ['10.2.3.4/8', [], ['10.2.0.0/16', '250.0.0.0/8']],
    ['10.2.3.4/16', ['250.0.0.0/8', '251.7.0.0/16', '128.0.0.0/1'], ['10.2.0.0/16', '252.0.0.0/8']],
    ['10.2.3.4/16', ['240.0.0.0/4'], ['10.2.0.0/16', undefined]],
  ])('at %s with the routes %j: %j', (address, routes, proposed) => {
    expect(proposal(address, ...routes)).toEqual(proposed)
  })

  test('no underlay without a default route, and an overlay all the same', () => {
    const found = { ...ordinaryHost(prefix('10.2.3.4/16')), routes: [] }
    expect(suggest(found, files)).toEqual({ underlay: undefined, overlay: prefix('250.0.0.0/8') })
  })
})

describe('the overlay that it proposes', () => {
  test('is the next when those before are taken: 250 to 254 as in the documents of ubuntu-fan, then down to 240', () => {
    const taken: string[] = []
    for (;;) {
      const [, overlay] = proposal('10.2.3.4/16', ...taken)
      if (overlay === undefined) break
      taken.push(overlay)
    }
    expect(taken.map((overlay) => Number.parseInt(overlay, 10))).toEqual([
      250, 251, 252, 253, 254, 249, 248, 247, 246, 245, 244, 243, 242, 241, 240,
    ])
  })

  test('is not that of a fan which is up', async () => {
    const machine = new FakeMachine(ordinaryHost(prefix('10.2.3.4/16')))
    await up(machine, request('250.0.0.0/8', 'eth0/16'))
    expect(suggest(await machine.observe(), files).overlay).toEqual(prefix('251.0.0.0/8'))
  })
})

describe('where the fan file', () => {
  test('has one fan, it proposes that', () => {
    files.config = '172.16.3.4/16 253.0.0.0/8 --enable\n10.2.0.0/16 250.0.0.0/8 off\n'
    expect(proposal('10.2.3.4/16')).toEqual(['172.16.0.0/16', '253.0.0.0/8'])
  })

  test('has several, what they have is not free', () => {
    files.config = '172.16.3.4/16 253.0.0.0/8\n10.2.0.0/16 250.0.0.0/8\n'
    expect(proposal('10.2.3.4/16')).toEqual(['10.2.0.0/16', '251.0.0.0/8'])
  })
})
