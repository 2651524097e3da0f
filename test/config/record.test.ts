import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatRecord, isRecord, parseRecords, recordName } from '../../src/config/record.js'
import { anyFans } from '../core/arbitraries.js'
import { errorOf, fan } from '../core/support.js'

describe('the records of a host', () => {
  test('tell of the fans that were written, whatever they are', () => {
    fc.assert(
      fc.property(anyFans, (fans) => {
        const files = Object.fromEntries(fans.map((one) => [recordName(one.bridge), formatRecord(one)]))
        expect(parseRecords(files, '/run/fanctl')).toEqual(fans)
      }),
    )
  })

  test('are a line of JSON each, named after the bridge', () => {
    const one = fan({ type: 'vxlan', bridge: 'br7', dhcp: true, vni: 7 })
    expect(recordName(one.bridge)).toBe('br7.fan.json')
    expect(formatRecord(one)).toMatch(/^\{.*\}\n$/)
    expect(JSON.parse(formatRecord(one))).toEqual({
      ...{ format: 1, overlay: '250.0.0.0/8', underlay: '10.0.3.4/16', type: 'vxlan', steering: 'ebpf' },
      ...{
        steeringReason: 'asked for',
        dhcp: true,
        nat: true,
        hostReserve: 1,
        asked: '10.0.3.4/16',
        enable: false,
        vni: 7,
      },
    })
  })

  test('are apart from the other files of the folder', () => {
    expect(parseRecords({ 'host-before.json': '{}', 'fan-250.dnsmasq.conf': '', lock: '' }, '/run/fanctl')).toEqual([])
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
    ['when it is of another format', changed({ format: 2 })],
    ['when something is missing', JSON.stringify(lacking)],
    ['when its overlay is no prefix', changed({ overlay: '250.0.0.0' })],
    ['when its overlay is a number', changed({ overlay: 250 })],
    ['when its underlay is no prefix', changed({ underlay: '10.0.3/16' })],
    ['when its networks are no fan', changed({ overlay: '10.0.0.0/8' })],
    ['when its type is unknown', changed({ type: 'gre' })],
    ['when its steering is unknown', changed({ steering: 'magic' })],
    ['when it has more routes than a host can have', changed({ steering: 'routes' })],
    ['when the reason for its steering has lines', changed({ steeringReason: 'asked for\nby whom' })],
    ['when the reason for its steering is missing', changed({ steeringReason: undefined })],
    ['when a switch is a text', changed({ dhcp: 'yes' })],
    ['when a number has a fraction', changed({ hostReserve: 1.5 })],
    ['when its MTU is a text', changed({ mtu: '1400' })],
  ])('%s, and the error names the file', (_, text) => {
    const error = errorOf(() => parseRecords({ 'fan-250.fan.json': text }, '/run/fanctl'))
    expect(error.code).toBe('FILE_INVALID')
    expect(error.message).toMatch(/^\/run\/fanctl\/fan-250\.fan\.json is damaged: \S/)
    expect(error.message).not.toContain('\n')
    expect(error.cause).toBeInstanceOf(Error)
  })

  test.each(['', '..', '-x', 'sixteen_bytes_16', 'a b', 'a\nb'])('when its name is none of a bridge: %j', (bridge) => {
    const error = errorOf(() => parseRecords({ [recordName(bridge)]: formatRecord(fan()) }, '/run/fanctl'))
    expect(error.code).toBe('FILE_INVALID')
  })

  test('and others are of no use then: what they share is not known', () => {
    const files = { 'fan-250.fan.json': formatRecord(fan()), 'fan-251.fan.json': '{' }
    expect(errorOf(() => parseRecords(files, '/run/fanctl')).message).toContain('fan-251.fan.json')
  })
})
