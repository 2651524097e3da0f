import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { desiredState, hostSysctls } from '../../src/core/desired.js'
import { type Fan, ownLinksOf, tunnelOf } from '../../src/core/fan.js'
import { type FanMap, hostsOf } from '../../src/core/fan-map.js'
import { overlaps } from '../../src/core/ipv4.js'
import { invertAll, kindOf } from '../../src/core/objects/objects.js'
import { plan } from '../../src/core/plan.js'
import { nothing, type State } from '../../src/core/state.js'
import type { SteeringName } from '../../src/core/steerings/names.js'
import { anyFan, anyFans } from './arbitraries.js'
import { performAll, sorted } from './model.js'
import { factsFor, prefix } from './support.js'

/** A host without fans: links and settings are as any machine has them. */
const untouched: State = {
  ...nothing,
  sysctls: { 'net/ipv4/ip_forward': '0', 'net/ipv4/conf/all/send_redirects': '1' },
}

function stateOf(fans: readonly Fan[]): State {
  if (fans.length === 0) return untouched
  const files = Object.fromEntries(fans.map((fan) => [`${fan.bridge}.fan.json`, JSON.stringify(fan)]))
  return { ...desiredState(fans, factsFor(fans)), files }
}

const fates = ['keep', 'drop', 'replace', 'tune'] as const

/** Some fans of a host, and what else its owner could want: some gone, some changed, some new. */
const anyChange = fc
  .tuple(anyFans, anyFans, fc.array(fc.constantFrom(...fates), { minLength: 3, maxLength: 3 }), anyFan)
  .map(([before, extra, chosen, like]) => {
    const changed = before.flatMap((fan, index) => changedFan(fan, chosen[index] ?? 'keep', like))
    const added = extra.filter((fan) => before.every((other) => !overlaps(fan.overlay, other.overlay)))
    return { before, after: [...changed, ...added] }
  })

/** A route for each host is for small underlays. */
function possible(steering: SteeringName, map: FanMap): SteeringName {
  return steering === 'routes' && hostsOf(map) > 32 ? 'ebpf' : steering
}

/** The fan with settings of another one: all of them, or only what can change in place. */
function changedFan(fan: Fan, fate: (typeof fates)[number], like: Fan): Fan[] {
  const { overlay, underlay, host, bridge } = fan
  switch (fate) {
    case 'keep':
      return [fan]
    case 'drop':
      return []
    case 'replace':
      return [{ ...like, overlay, underlay, host, bridge, hostReserve: 1, steering: possible(like.steering, fan) }]
    case 'tune':
      return [{ ...fan, mtu: like.mtu ?? 1400, ...(fan.encapsulation === 'vxlan' && { vni: like.vni ?? 7 }) }]
    default:
      return fate satisfies never
  }
}

describe('a plan', () => {
  test('is empty when everything is as it should be', () => {
    fc.assert(
      fc.property(anyFans, (fans) => {
        expect(plan(stateOf(fans), stateOf(structuredClone(fans)))).toEqual([])
      }),
    )
  })

  test('is empty on a host without fans that shall have none', () => {
    expect(plan(untouched, untouched)).toEqual([])
    expect(plan(nothing, untouched)).toEqual([])
  })

  test('done step by step gives what was wanted, and then there is no more to do', () => {
    fc.assert(
      fc.property(anyChange, ({ before, after }) => {
        const [start, goal] = [stateOf(before), stateOf(after)]
        const result = performAll(plan(goal, start), start)
        expect(plan(goal, result)).toEqual([])
        expect(sorted(result)).toEqual(sorted(goal))
      }),
    )
  })

  test('from nothing and back to nothing leaves the host as it was', () => {
    fc.assert(
      fc.property(anyFans, (fans) => {
        const goal = stateOf(fans)
        const built = performAll(plan(goal, untouched), untouched)
        expect(sorted(built)).toEqual(sorted(goal))
        expect(performAll(plan(untouched, built), built)).toEqual(untouched)
      }),
    )
  })

  test('cut short anywhere is undone by the inverses of its steps, and a plan to where it began is what is left', () => {
    fc.assert(
      fc.property(anyChange, fc.nat({ max: 60 }), ({ before, after }, cut) => {
        const start = stateOf(before)
        const done = plan(stateOf(after), start).slice(0, cut)
        const undone = performAll(invertAll(done), performAll(done, start))
        // Settings of a link that was removed are not in the inverse: they are its link's, and new.
        const left = plan(start, undone)
        expect(left.filter(({ object }) => object !== 'sysctl')).toEqual([])
        expect(sorted(performAll(left, undone))).toEqual(sorted(start))
      }),
    )
  })

  test('that was cut short anywhere is finished by the next one', () => {
    fc.assert(
      fc.property(anyChange, fc.nat({ max: 60 }), ({ before, after }, cut) => {
        const [start, goal] = [stateOf(before), stateOf(after)]
        const halfway = performAll(plan(goal, start).slice(0, cut), start)
        expect(sorted(performAll(plan(goal, halfway), halfway))).toEqual(sorted(goal))
        expect(sorted(performAll(plan(start, halfway), halfway))).toEqual(sorted(start))
      }),
    )
  })

  test('writes what was asked for before anything else, and forgets it last', () => {
    fc.assert(
      fc.property(anyFans, (fans) => {
        expect(plan(stateOf(fans), untouched)[0]?.object).toBe('file')
        expect(plan(untouched, stateOf(fans)).at(-1)?.object).toBe('file')
      }),
    )
  })

  test('does not touch the fans that stay, nor the links that they share', () => {
    const apart = fc
      .tuple(anyFans, anyFan)
      .filter(([fans, one]) => fans.every((fan) => !overlaps(fan.overlay, one.overlay)))
    fc.assert(
      fc.property(apart, ([fans, one]) => {
        const bridges = fans.map(({ bridge }) => bridge)
        const staying = new Set([...bridges, ...fans.map(tunnelOf)])
        const [without, all] = [stateOf(fans), stateOf([...fans, one])]
        for (const steps of [plan(all, without), plan(without, all)])
          for (const step of steps) {
            if (step.object === 'link' || step.object === 'server') expect(staying.has(step.link ?? '')).toBe(false)
            if (step.object === 'traits') expect(bridges).not.toContain(step.link)
          }
      }),
    )
  })

  test('says of each change whose it is, unless fans share it', () => {
    fc.assert(
      fc.property(anyFans, (fans) => {
        const owners = new Map(fans.flatMap((fan) => ownLinksOf(fan).map((link) => [link, fan.bridge])))
        for (const { object, link = '', owner } of plan(stateOf(fans), untouched)) {
          if (owners.has(link)) expect(owner).toBe(owners.get(link))
          if (['link', 'traits', 'sysctl', 'clsact', 'firewall'].includes(object)) expect(owner).toBe(owners.get(link))
          if (object === 'file') expect(fans.map(({ bridge }) => bridge)).toContain(owner)
        }
      }),
    )
  })

  test('replaces a link of another kind with everything that is on it', () => {
    const [common, sysctls] = [{ name: 'fan-250', mtu: 1450, up: true, mac: '02:fa:0a:00:03:04' }, {}]
    const addresses = [{ link: 'fan-250', prefix: prefix('250.3.4.1/8') }]
    const bridge: State = { ...nothing, addresses, links: [{ ...common, sysctls, kind: 'bridge' }] }
    const vxlan: State = {
      ...nothing,
      addresses,
      links: [{ ...common, sysctls, kind: 'vxlan', port: 8472, vnis: [7], clsact: false }],
    }
    expect(plan(bridge, vxlan).map(kindOf)).toEqual([
      ...['set-link', 'del-address', 'del-vni', 'del-link'],
      ...['add-link', 'add-address', 'set-link'],
    ])
  })

  test('sets a setting of the host only where it is another one', () => {
    fc.assert(
      fc.property(anyFan, (fan) => {
        const found: State = { ...untouched, sysctls: { ...hostSysctls, 'net/ipv4/ip_forward': '0' } }
        const set = plan(stateOf([fan]), found).filter(({ object, link }) => object === 'sysctl' && !link)
        const key = 'net/ipv4/ip_forward'
        expect(set).toEqual([{ object: 'sysctl', before: { key, value: '0' }, after: { key, value: '1' } }])
      }),
    )
  })
})
