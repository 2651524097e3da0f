import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseLeases } from '../../src/dnsmasq-conf/leases.js'
import { address } from '../core/support.js'

const mac = '00:16:3e:6a:7b:8c'

describe('a line of a lease file', () => {
  test('tells who has an address, and until when in seconds', () => {
    expect(parseLeases(`1795254000 ${mac} 250.3.4.17 web1 ff:6a:7b:8c\n`)).toEqual([
      {
        address: address('250.3.4.17'),
        mac,
        hostname: 'web1',
        expires: new Date('2026-11-21T09:40:00Z'),
        client: 'ff:6a:7b:8c',
      },
    ])
  })

  test('with an asterisk is of a client without a name', () => {
    expect(parseLeases(`1795254000 ${mac} 250.3.4.17 * *`)[0]?.hostname).toBeUndefined()
  })

  test('with the time 0 is of a lease without an end', () => {
    expect(parseLeases(`0 ${mac} 250.3.4.17 web1 *`)[0]).toMatchObject({ expires: undefined, hostname: 'web1' })
  })

  test('may have hardware that is not Ethernet: its type stands before the address', () => {
    expect(parseLeases(`0 06-${mac} 250.3.4.17 * *`)[0]?.mac).toBe(`06-${mac}`)
  })

  test.each([
    ["the server's own identity", 'duid 00:01:00:01:2d:1f:2e:3c:00:16:3e:6a:7b:8c'],
    ['a lease of IPv6', '1795254000 6978860 fd42::17 web1 00:01:00:01'],
    ['an empty line', ''],
    ['spaces', '    '],
    ['a line that is cut off', `1795254000 ${mac}`],
    ['a time that is none', `soon ${mac} 250.3.4.17 web1 *`],
    ['a time before all times', `-1 ${mac} 250.3.4.17 web1 *`],
    ['hardware that is none', '1795254000 fan-250 250.3.4.17 web1 *'],
    ['an address that is none', `1795254000 ${mac} 250.3.4.256 web1 *`],
    ['a name where the address should be', `1795254000 ${mac} web1 250.3.4.17 *`],
    ['bytes of another program', '\u007fELF\u0002\u0001 \0 \0 \0'],
  ])('is passed over when it is %s', (_, line) => {
    expect(parseLeases(line)).toEqual([])
  })
})

test('the good lines of a file count, in their order', () => {
  const file = [
    `1795254000 ${mac} 250.3.4.17 web1 *`,
    'duid 00:01:00:01:2d:1f:2e:3c',
    'garbage',
    `1795254001 ${mac} 250.3.4.3 * 01:${mac}`,
    '',
  ].join('\n')
  expect(parseLeases(file).map((lease) => lease.address)).toEqual(['250.3.4.17', '250.3.4.3'].map(address))
})

test('a name is as long as one can be, whatever is in the file', () => {
  expect(parseLeases(`0 ${mac} 250.3.4.17 ${'x'.repeat(100_000)} *`)).toMatchObject([{ hostname: 'x'.repeat(253) }])
})

test('an empty file has no leases', () => {
  expect(parseLeases('')).toEqual([])
})

test('no text makes it fail, and every lease of it has an address and hardware', () => {
  const words = fc.constantFrom('0', '1795254000', mac, '250.3.4.17', '*', 'web1', 'duid', '', '\r', '\0')
  const anyFile = fc.array(
    fc.array(words, { maxLength: 6 }).map((line) => line.join(' ')),
    { maxLength: 6 },
  )
  fc.assert(
    fc.property(anyFile, (lines) => {
      const expected = lines.filter((line) => /^\d+ 00:16:3e:6a:7b:8c 250\.3\.4\.17( |$)/.test(line))
      const macs = parseLeases(lines.join('\n')).map((lease) => lease.mac)
      expect(macs.filter((one) => one === mac)).toHaveLength(expected.length)
    }),
  )
})

test('a lease whose end is beyond all dates is passed over', () => {
  expect(parseLeases('99999999999999 00:16:3e:6a:7b:8c 250.3.4.17 a *')).toEqual([])
})
