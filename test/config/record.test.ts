import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatRecord, isRecord, readRecords, recordName } from '../../src/config/record.js'
import { anyFans } from '../core/arbitraries.js'
import { fan } from '../core/support.js'

describe('the records of a host', () => {
  test('tell of the fans that were written, whatever they are', () => {
    fc.assert(
      fc.property(anyFans, (fans) => {
        const files = Object.fromEntries(fans.map((one) => [recordName(one.bridge), formatRecord(one)]))
        expect(readRecords(files, {}, '/run/fanctl')).toEqual({ fans, broken: [] })
      }),
    )
  })

  test('are a line of JSON each, named after the bridge', () => {
    const one = fan({ type: 'vxlan', bridge: 'br7', dhcp: true, vni: 7 })
    expect(recordName(one.bridge)).toBe('br7.fan.json')
    expect(formatRecord(one)).toMatch(/^\{.*\}\n$/)
    expect(JSON.parse(formatRecord(one))).toEqual({
      ...{ format: 1, bridge: 'br7', overlay: '250.0.0.0/8', underlay: '10.0.3.4/16', type: 'vxlan', steering: 'ebpf' },
      ...{
        steeringReason: 'requested',
        dhcp: true,
        nat: true,
        hostReserve: 1,
        asked: '10.0.3.4/16',
        enable: false,
        vni: 7,
      },
    })
  })

  test('are the same to the byte as those of the versions before', () => {
    expect(formatRecord({ ...fan({ type: 'vxlan', mtu: 1400, vni: 7, port: 99 }), steeringReason: 'asked for' })).toBe(
      '{"format":1,"bridge":"fan-250","overlay":"250.0.0.0/8","underlay":"10.0.3.4/16","type":"vxlan","steering":"ebpf","steeringReason":"asked for","dhcp":false,"nat":true,"hostReserve":1,"asked":"10.0.3.4/16","enable":false,"mtu":1400,"vni":7,"port":99}\n',
    )
  })

  test('are apart from the other files of the folder', () => {
    const others = { 'host-before.json': '{}', 'fan-250.dnsmasq.conf': '', lock: '' }
    expect(readRecords(others, {}, '/run/fanctl')).toEqual({ fans: [], broken: [] })
    expect(['a.fan.json', 'a.fan.json.7.new', 'host-before.json', 'fan.json'].map(isRecord)).toEqual([
      true,
      false,
      false,
      false,
    ])
  })
})

describe('a record is damaged', () => {
  const whole = JSON.parse(formatRecord(fan())) as Record<string, unknown>
  const changed = (changes: object) => JSON.stringify({ ...whole, ...changes })
  const { nat: _, ...lacking } = whole

  test.each([
    ['when it is empty', ''],
    ['when it is cut off', formatRecord(fan()).slice(0, -9)],
    ['when it is not JSON', 'overlay=250.0.0.0/8'],
    ['when it is null', 'null'],
    ['when it is a list', '[]'],
    ['when it is of another format', changed({ format: 0 })],
    ['when its format is a text', changed({ format: '2' })],
    ['when something is missing', JSON.stringify(lacking)],
    ['when its overlay is no prefix', changed({ overlay: '250.0.0.0' })],
    ['when its overlay is a number', changed({ overlay: 250 })],
    ['when its underlay is no prefix', changed({ underlay: '10.0.3/16' })],
    ['when its networks are no fan', changed({ overlay: '10.0.0.0/8' })],
    ['when its type is unknown', changed({ type: 'gre' })],
    ['when its steering is unknown', changed({ steering: 'magic' })],
    ['when it has more routes than a host can have', changed({ steering: 'routes' })],
    ['when the reason for its steering has lines', changed({ steeringReason: 'requested\nby whom' })],
    ['when the reason for its steering is missing', changed({ steeringReason: undefined })],
    ['when a switch is a text', changed({ dhcp: 'yes' })],
    ['when a number has a fraction', changed({ hostReserve: 1.5 })],
    ['when its MTU is a text', changed({ mtu: '1400' })],
    ['when it is the record of another fan', changed({ bridge: 'fan-251', overlay: '251.0.0.0/8' })],
  ])('%s: the error names the file, and the fan beside it is whole', (_, text) => {
    const beside = fan({ overlay: '251.0.0.0/8' })
    const files = { 'fan-250.fan.json': text, 'fan-251.fan.json': formatRecord(beside) }
    const { fans, broken } = readRecords(files, {}, '/run/fanctl')
    expect(fans).toEqual([beside])
    const [{ problem } = {}, ...others] = broken
    expect(others).toEqual([])
    expect(broken).toMatchObject([{ file: 'fan-250.fan.json', bridge: 'fan-250' }])
    expect(problem?.code).toBe('FILE_INVALID')
    expect(problem?.message).toMatch(/^\/run\/fanctl\/fan-250\.fan\.json is damaged: \S/)
    expect(problem?.message).not.toContain('\n')
    expect(problem?.hint).toContain('fanctl down --bridge fan-250')
    expect(problem?.cause).toBeInstanceOf(Error)
  })

  test.each(['', '..', '-x', 'sixteen_bytes_16', 'a b', 'a\nb'])('when its name is none of a bridge: %j', (bridge) => {
    const { bridge: _, ...old } = whole
    const { fans, broken } = readRecords({ [recordName(bridge)]: JSON.stringify(old) }, {}, '/run/fanctl')
    expect(fans).toEqual([])
    expect(broken).toMatchObject([{ bridge, problem: { code: 'FILE_INVALID' } }])
  })
})

describe('a record is broken, and not damaged,', () => {
  test.each([2, 17])('when a newer version has written it, whatever is in it: format %i', (format) => {
    const { broken } = readRecords({ 'fan-250.fan.json': JSON.stringify({ format, net: {} }) }, {}, '/run/fanctl')
    expect(broken).toMatchObject([{ bridge: 'fan-250', problem: { code: 'RECORD_NEWER' } }])
    expect(broken[0]?.problem.message).toContain(`written by a newer fanctl (format ${format})`)
    expect(broken[0]?.problem.hint).not.toMatch(/\brm\b|remove/)
  })

  test('when it cannot be read', () => {
    const { broken } = readRecords({ 'fan-250.fan.json': '' }, { 'fan-250.fan.json': 'EACCES' }, '/run/fanctl')
    expect(broken).toMatchObject([{ bridge: 'fan-250', problem: { code: 'RECORD_UNREADABLE' } }])
  })
})

test('a record that lies under another name is of the fan that it names', () => {
  const { fans, broken } = readRecords({ 'x.fan.json': formatRecord(fan()) }, {}, '/run/fanctl')
  expect(fans).toEqual([])
  expect(broken).toMatchObject([{ file: 'x.fan.json', bridge: 'fan-250', problem: { code: 'FILE_INVALID' } }])
})

test('a record of the first version, which did not name its bridge, is as good', () => {
  const { bridge: _, ...old } = JSON.parse(formatRecord(fan())) as Record<string, unknown>
  expect(readRecords({ 'fan-250.fan.json': JSON.stringify(old) }, {}, '/run/fanctl').fans).toEqual([fan()])
})

/** What a terminal acts on. */
const acted = /[\p{Cc}\u2028\u2029]/u

test.each([
  ['fan-250.fan.json', '\u001b[31mx'],
  ['a\u001b[31mb.fan.json', ''],
])('no message about the record %j with %j holds a character that a terminal acts on', (name, text) => {
  const [{ problem } = {}] = readRecords({ [name]: text }, {}, '/run/fanctl').broken
  expect(`${problem?.message}${problem?.hint}`).toContain('damaged')
  expect(`${problem?.message}${problem?.hint}`).not.toMatch(acted)
})

test.each([
  ['hostReserve', 0],
  ['hostReserve', 9999],
  ['mtu', -5],
  ['mtu', 20],
  ['vni', -1],
  ['vni', 2 ** 24],
  ['port', 0],
  ['port', 70_000],
  ['underlay', '10.0.0.0/16'],
])('a record with %s %s is damaged', (key, value) => {
  const text = JSON.stringify({ ...JSON.parse(formatRecord(fan({ type: 'vxlan' }))), [key]: value })
  expect(readRecords({ 'fan-250.fan.json': text }, {}, '/run/fanctl').broken).toMatchObject([
    { problem: { code: 'FILE_INVALID' } },
  ])
})
