import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Fan, typeOf } from '../../../src/core/fan.js'
import { assemble, encode, type Line } from '../../../src/core/steering/assembler.js'
import { guardOf } from '../../../src/core/steering/filters.js'
import { formatLines } from '../../../src/core/steering/listing.js'
import { egressProgram, guardProgram, ingressProgram } from '../../../src/core/steering/programs.js'
import { anyFan } from '../arbitraries.js'
import { fan } from '../support.js'
import { carrierOf } from './carriers.js'

const programs = {
  egress: (one: Fan) => egressProgram(one, carrierOf(one)),
  ingress: (one: Fan) => ingressProgram(one, carrierOf(one)),
  guard: guardProgram,
}
const filtersOf = (one: Fan) => typeOf(one).filters(one)
const names = Object.keys(programs) as (keyof typeof programs)[]

describe.each(names)('the %s program', (name) => {
  const programOf: (one: Fan) => readonly Line[] = programs[name]

  test('has fewer than 100 instructions, whatever the fan', () => {
    fc.assert(
      fc.property(anyFan, (one) => {
        expect(assemble(programOf(one)).length).toBeLessThan(100)
      }),
    )
  })

  test('jumps forwards only, to one of its own instructions, and ends with an exit', () => {
    fc.assert(
      fc.property(anyFan, (one) => {
        const code = assemble(programOf(one))
        const jumps = new Set([0x05, 0x15, 0x16, 0x1e, 0x56, 0x5e])
        for (const [at, { opcode, offset }] of code.entries()) {
          if (!jumps.has(opcode)) continue
          expect(offset).toBeGreaterThanOrEqual(0)
          // A target must not be the second half of the load of a map, whose opcode is 0.
          expect(code[at + 1 + offset]?.opcode).toBeGreaterThan(0)
        }
        expect(code.at(-1)?.opcode).toBe(0x95)
      }),
    )
  })

  test('has each of its labels once', () => {
    fc.assert(
      fc.property(anyFan, (one) => {
        const labels = programOf(one).flatMap((line) => (line.op === 'label' ? [line.label] : []))
        expect(new Set(labels).size).toBe(labels.length)
      }),
    )
  })

  test('can be encoded on either kind of machine', () => {
    fc.assert(
      fc.property(anyFan, fc.boolean(), (one, littleEndian) => {
        const code = assemble(programOf(one))
        expect(encode(code, 2 ** 31 - 1, littleEndian).length).toBe(code.length * 8)
      }),
    )
  })
})

describe('the text of a program', () => {
  const usual = { type: 'vxlan', overlay: '250.0.0.0/8', underlay: '10.0.3.4/16' } as const
  const textOf = (one: ReturnType<typeof fan>) => [programs.egress(one), programs.ingress(one)].map(formatLines)

  test('is the same for the same fan', () => {
    fc.assert(
      fc.property(anyFan, (one) => {
        expect(textOf(structuredClone(one))).toEqual(textOf(one))
      }),
    )
  })

  test.each([
    ['host', { underlay: '10.0.3.5/16' }],
    ['overlay', { overlay: '251.0.0.0/8', vni: 16_384_000 }],
    ["overlay's length", { overlay: '250.0.0.0/9' }],
    ['underlay', { underlay: '10.1.3.4/16' }],
    ["underlay's length", { underlay: '10.0.3.4/17' }],
    ['type', { type: 'ipip' }],
    ['VNI', { vni: 7 }],
  ] as const)('is another one for another %s', (_, change) => {
    const [egress, ingress] = textOf(fan(usual))
    const [otherEgress, otherIngress] = textOf(fan({ ...usual, ...change }))
    expect(otherEgress).not.toBe(egress)
    expect(otherIngress).not.toBe(ingress)
  })

  test('does not change with what the packets do not depend on, so a running program stays', () => {
    const same = { dhcp: true, nat: false, hostReserve: 9, mtu: 1400, bridge: 'br7', port: 4789 }
    expect(textOf(fan({ ...usual, ...same }))).toEqual(textOf(fan(usual)))
  })
})

describe('the filters of a fan', () => {
  test.each([
    ['ipip', 'ftun0'],
    ['vxlan', 'ftun-250'],
  ] as const)('of type %s are one for each direction on %s, with the overlay as handle', (type, link) => {
    const all = filtersOf(fan({ type }))
    expect(all.map(({ direction }) => direction)).toEqual(['egress', 'ingress'])
    for (const filter of all) expect(filter).toMatchObject({ link, preference: 1, handle: 0xfa000000 })
  })

  test('come before the guard of a shared tunnel', () => {
    expect(guardOf('ftun0')).toMatchObject({ link: 'ftun0', direction: 'ingress', preference: 2 })
  })

  test('have names that the kernel takes, with a digest of the program in them', () => {
    fc.assert(
      fc.property(anyFan, (one) => {
        // BPF_OBJ_NAME_LEN is 16 with the NUL.
        for (const { name } of [...filtersOf(one), guardOf('ftun0')])
          expect(name).toMatch(/^fan_(out|in|guard)_[0-9a-f]+$/)
        for (const { name } of [...filtersOf(one), guardOf('ftun0')]) expect(name.length).toBeLessThanOrEqual(15)
      }),
    )
  })

  test('have other names when the host is another one, and the same when nothing is', () => {
    const namesOf = (underlay: string) => filtersOf(fan({ underlay })).map(({ name }) => name)
    expect(namesOf('10.0.3.4/16')).toEqual(namesOf('10.0.3.4/16'))
    expect(namesOf('10.0.3.5/16')[0]).not.toBe(namesOf('10.0.3.4/16')[0])
    expect(namesOf('10.0.3.5/16')[1]).not.toBe(namesOf('10.0.3.4/16')[1])
  })
})
