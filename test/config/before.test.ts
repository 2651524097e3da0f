import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Before, beforeFile, formatBefore, madeFolder, parseBefore } from '../../src/config/before.js'
import { isRecord } from '../../src/config/record.js'
import { hostSysctls } from '../../src/core/desired.js'

const forwarding = 'net/ipv4/ip_forward'

describe('what the host was like', () => {
  test('is read as it was written', () => {
    const anyKey = fc.constantFrom(...Object.keys(hostSysctls))
    const anyBefore = fc.record({ madeFolder: fc.boolean(), sysctls: fc.dictionary(anyKey, fc.nat().map(String)) })
    fc.assert(
      fc.property(anyBefore, (before) => {
        const read = parseBefore({ [beforeFile]: formatBefore(before) }) as Before
        expect(read.madeFolder).toBe(before.madeFolder)
        expect(Object.entries(read.sysctls)).toEqual(Object.entries(before.sysctls))
      }),
    )
  })

  test('is one line of JSON', () => {
    expect(formatBefore({ madeFolder: true, sysctls: { [forwarding]: '0' } })).toBe(
      `{"format":1,"madeFolder":true,"sysctls":{"${forwarding}":"0"}}\n`,
    )
  })

  test('is unknown where there is no file, and its file is no record of a fan', () => {
    expect(parseBefore({})).toBeUndefined()
    expect(parseBefore({ 'fan-250.fan.json': '{}' })).toBeUndefined()
    expect(isRecord(beforeFile)).toBe(false)
  })

  test('is for a newer version to put back if that has written it', () => {
    expect(parseBefore({ [beforeFile]: '{"format":2,"madeFolder":"runtime"}' })).toBe('newer')
  })

  test.each([
    ['', 'empty'],
    ['{"madeFolder":true', 'cut off'],
    ['null', 'nothing'],
    ['7', 'a number'],
    ['{}', 'without anything'],
    ['{"madeFolder":true}', 'without the settings'],
    ['{"madeFolder":true,"sysctls":null}', 'with nothing for settings'],
    ['{"madeFolder":"yes","sysctls":{}}', 'with a text for a switch'],
    ['{"madeFolder":true,"sysctls":{"a":1}}', 'with a number for a setting'],
  ])('is damaged when it is %j: %s', (text) => {
    expect(parseBefore({ [beforeFile]: text })).toBe('lost')
    expect(madeFolder({ [beforeFile]: text })).toBe(false)
  })
})

test('fanctl made the folder only if its file says so', () => {
  const sysctls = {}
  expect(madeFolder({ [beforeFile]: formatBefore({ madeFolder: true, sysctls }) })).toBe(true)
  expect(madeFolder({ [beforeFile]: formatBefore({ madeFolder: false, sysctls }) })).toBe(false)
  expect(madeFolder({})).toBe(false)
})

test.each([
  '{"format":"1","madeFolder":true,"sysctls":{}}',
  '{"format":1,"madeFolder":true,"sysctls":["1"]}',
  '{"format":1,"madeFolder":true,"sysctls":{"../../etc/x":"1"}}',
  '{"format":1,"madeFolder":true,"sysctls":{"net/ipv4/ip_forward":"1\\n2"}}',
])('nothing is put back from %s', (text) => {
  expect(parseBefore({ 'host-before.json': text })).toBe('lost')
})
