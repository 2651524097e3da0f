/** Values that nobody means well with: none of them reaches a terminal, a configuration or the kernel. */
import { describe, expect, test } from 'vitest'
import { parseBefore } from '../../src/config/before.js'
import { pathsFrom } from '../../src/config/paths.js'
import { formatRecord, readRecords } from '../../src/config/record.js'
import { readOverlay, readPrefix } from '../../src/config/values.js'
import { FanError } from '../../src/core/errors.js'
import { fanMap } from '../../src/core/fan-map.js'
import { parseLeases } from '../../src/dnsmasq-conf/leases.js'
import { errorOf, fan, prefix } from '../core/support.js'

const acted = /[\p{Cc}\u2028\u2029]/u

describe('no message holds a character that a terminal acts on', () => {
  test.each(['\u001b[31m', '\u009b31m\u007f\u2028', '00\u001b[31m\n', '1.2.3.4\r\n/8'])('an overlay %j', (text) => {
    const { message, hint } = errorOf(() => readPrefix('--overlay', text))
    expect(`${message}${hint}`).not.toMatch(acted)
  })

  test.each([
    ['fan-250.fan.json', '\u001b[31mx'],
    ['a\u001b[31mb.fan.json', ''],
  ])('a record %j with %j', (name, text) => {
    const [{ problem } = {}] = readRecords({ [name]: text }, {}, '/run/fanctl').broken
    expect(`${problem?.message}${problem?.hint}`).toContain('damaged')
    expect(`${problem?.message}${problem?.hint}`).not.toMatch(acted)
  })

  test('what another program says, on several lines', () => {
    expect(new FanError('DHCP_FAILED', { bridge: 'fan-250', problem: 'a\n\u0007b' }).message).toContain('a \\u0007b')
  })
})

test('the hint for a leading zero is an address, or none', () => {
  expect(errorOf(() => readPrefix('--overlay', '010.0.3.4/8')).hint).toContain('write 10.0.3.4/8')
  expect(errorOf(() => readPrefix('--overlay', '010.300/8')).hint).not.toContain('10.300/8')
})

test('the hint for a missing length is one that the usual underlay takes', () => {
  const hint = errorOf(() => readOverlay('--overlay', '250.0.0.0')).hint ?? ''
  expect(fanMap(prefix(hint.replace(/.*such as /, '')), prefix('10.0.0.0/16')).overlay.length).toBe(8)
})

test.each([
  ['0.0.0.0/0', '128.0.0.0/1', 'OVERLAY_RESERVED'],
  ['250.1.2.3/32', '10.0.0.0/1', 'OVERLAY_NOT_WIDER'],
])('%s over %s is %s, and no hint names an impossible length', (overlay, underlay, code) => {
  const error = errorOf(() => fanMap(prefix(overlay), prefix(underlay)))
  expect(error.code).toBe(code)
  expect(error.hint).not.toMatch(/use ;|\/-/)
})

test.each([
  ['/16', 'ADDRESS_MALFORMED'],
  ['10.0.3.4:80/16', 'ADDRESS_MALFORMED'],
  ['fd00::1/16', 'IPV6_UNSUPPORTED'],
])('%s is %s', (text, code) => {
  expect(errorOf(() => readPrefix('--overlay', text)).code).toBe(code)
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

test.each([
  '{"format":"1","madeFolder":true,"sysctls":{}}',
  '{"format":1,"madeFolder":true,"sysctls":["1"]}',
  '{"format":1,"madeFolder":true,"sysctls":{"../../etc/x":"1"}}',
  '{"format":1,"madeFolder":true,"sysctls":{"net/ipv4/ip_forward":"1\\n2"}}',
])('nothing is put back from %s', (text) => {
  expect(parseBefore({ 'host-before.json': text })).toBe('lost')
})

test.each(['lib', '/x\ndhcp-script=/tmp/evil', '/a b', '/a#b'])('%j is no folder for the leases', (path) => {
  expect(errorOf(() => pathsFrom({ FANCTL_STATE_DIR: path })).code).toBe('FOLDER_INVALID')
})

test('a lease whose end is beyond all dates is passed over', () => {
  expect(parseLeases('99999999999999 00:16:3e:6a:7b:8c 250.3.4.17 a *')).toEqual([])
})
