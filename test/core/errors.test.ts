import { describe, expect, test } from 'vitest'
import { type ErrorCode, type ErrorDetails, errors } from '../../src/core/error-catalogue.js'
import { FanError } from '../../src/core/errors.js'

const pair = { overlay: '250.0.0.0/8', underlay: '10.0.0.0/16' }
const text = { what: '--overlay', text: '250.0.0.0' }

/** Details for each code, as the program makes them. */
const samples: { readonly [Code in ErrorCode]: ErrorDetails<Code> } = {
  USAGE: { message: 'Nonexistent flag: --fast', command: 'fanctl up' },
  VALUE_EMPTY: text,
  ADDRESS_MALFORMED: text,
  UNDERLAY_MALFORMED: { what: '--underlay', text: 'no such\nthing' },
  IPV6_UNSUPPORTED: text,
  LEADING_ZERO: { ...text, better: '10.0.3.4' },
  OCTET_OUT_OF_RANGE: text,
  PREFIX_LENGTH_MISSING: { ...text, example: '250.0.0.0/8' },
  PREFIX_LENGTH_INVALID: text,
  NUMBER_INVALID: { option: '--mtu', text: 'big', least: 576, most: 65_535 },
  CHOICE_INVALID: { option: '--type', text: 'gre', choices: ['ipip', 'vxlan'] },
  OPTION_UNKNOWN: { option: 'dchp', options: ['dhcp', 'no-dhcp'] },
  OPTION_CONTRADICTED: { one: 'dhcp', other: 'no-dhcp' },
  OPTIONS_EXCLUSIVE: { option: '--all', other: '250.0.0.0/8' },
  FAN_UNCLEAR: {
    first: '10.0.0.0/16',
    second: '11.0.0.0/16',
    readings: ['With 10.0.0.0/16 as the overlay: …', 'With …'],
  },
  LINE_TOO_LONG: { longestLine: 1024 },
  CHARACTER_INVALID: { code: 'U+0000' },
  LINES_CLASH: { taken: 'the bridge fan-250', line: 3 },
  SETTINGS_INVALID: {
    path: '/var/lib/fanctl/config/x.conf',
    line: 2,
    column: 1,
    problem: 'unknown fan option "dhpc"',
  },
  SETTINGS_STRANGE: { path: '/var/lib/fanctl/config/x.conf' },
  IMPORT_UNKNOWN: { problem: 'FAN_OVERLAY is missing', sources: ['lxd'] },
  IMPORT_MALFORMED: { what: 'net-conf.json', line: 3, column: 1, problem: 'Map keys must be unique' },
  OPTION_NEEDS_VXLAN: { option: '--vni', type: 'ipip', types: ['vxlan'] },
  BRIDGE_NAME_INVALID: { name: '-x', problem: 'it must begin with a letter, a digit or "_"' },
  FOLDER_INVALID: { variable: 'FANCTL_STATE_DIR', path: 'lib\nx' },
  INPUT_TWICE: {},
  OPTION_MISSING: { option: '--overlay', example: '-o 250.0.0.0/8' },
  TERMINAL_MISSING: { command: 'fanatic configure' },
  OVERLAY_HOST_BITS: { ...pair, network: '250.0.0.0/8' },
  OVERLAY_NOT_WIDER: { ...pair, overlayLength: 16, underlayLength: 16 },
  SLICE_TOO_SMALL: { ...pair, sliceLength: 31, most: 14 },
  OVERLAY_RESERVED: { overlay: '127.0.0.0/8', range: '127.0.0.0/8' },
  OVERLAY_ON_UNDERLAY: pair,
  HOST_OUTSIDE_UNDERLAY: { host: '10.1.3.4', underlay: '10.0.0.0/16' },
  HOST_UNUSABLE: { host: '10.0.0.0', underlay: '10.0.0.0/16', role: 'network' },
  ADDRESS_OUTSIDE_OVERLAY: { address: '251.3.4.5', overlay: '250.0.0.0/8' },
  ADDRESS_NOT_MAPPED: { ...pair, address: '192.168.0.1', line: 3 },
  HOST_RESERVE_INVALID: { value: '254', most: 253, slice: '250.3.4.0/24' },
  ROUTES_TOO_MANY: { underlay: '10.0.0.0/16', hosts: 65_534, most: 4096 },
  MTU_INVALID: { value: '9000', smallest: 576, most: 1480, underlayMtu: 1500, overhead: 20 },
  NOT_ROOT: { action: 'bring a fan up' },
  UNDERLAY_NOT_LOCAL: { underlay: '10.0.0.0/16', isNetwork: true, addresses: [] },
  UNDERLAY_AMBIGUOUS: { underlay: '10.0.0.0/16', addresses: ['10.0.3.4/16', '10.0.3.5/16'] },
  DEVICE_NOT_FOUND: { device: 'eth9', devices: ['lo', 'eth0'] },
  DEVICE_WITHOUT_ADDRESS: { device: 'eth1' },
  NO_DEFAULT_ROUTE: {},
  UNDERLAY_MTU_TOO_SMALL: { underlayMtu: 500, smallest: 596 },
  OVERLAY_ROUTED: { overlay: '250.0.0.0/8', route: '250.1.0.0/16', device: 'wg0' },
  OVERLAY_TAKEN: { overlay: '250.0.0.0/8', bridge: 'fan-250', other: '250.0.0.0/8 over 10.0.3.4/16' },
  BRIDGE_TAKEN: { bridge: 'fan-250', fan: '250.0.0.0/8 over 10.0.3.4/16' },
  VNI_TAKEN: { vni: 7, port: 8472, bridge: 'fan-250' },
  LINK_CONFLICT: { name: 'fan-250', kind: 'bridge' },
  TUNNEL_CONFLICT: {},
  FAN_MAP_TAKEN: { host: '10.0.3.4', bridge: 'fan-250' },
  STEERING_UNAVAILABLE: { problems: ['ebpf: bpf: EPERM'] },
  FAN_NOT_FOUND: { fan: '250.0.0.0/8', fans: [] },
  FAN_IN_USE: { bridge: 'fan-250', ports: ['veth1'] },
  KERNEL_BUSY: { tries: 20 },
  LOCKED: { holder: 'process 7' },
  BUSY: { holder: 'process 7', seconds: 60 },
  MONITOR_RUNNING: { holder: 'process 7' },
  METRICS_UNUSABLE: { path: '/nowhere/fanctl.prom', problem: 'ENOENT' },
  FILE_INVALID: { path: '/run/fanctl/fan-250.fan.json', problem: 'it is empty', bridge: 'fan-250' },
  VNI_HIDDEN: { vni: 7 },
  RECORD_UNREADABLE: { path: '/run/fanctl/fan-250.fan.json', problem: 'EACCES', bridge: 'fan-250' },
  RECORD_NEWER: { path: '/run/fanctl/fan-250.fan.json', format: 2 },
  LINK_REPLACED: { name: 'fan-250', kind: 'bridge', stray: 'x' },
  LINK_DISOWNED: { name: 'fan-250', group: 6709614 },
  ALTNAME_CONFLICT: { name: 'fan-250', link: 'eth0' },
  FILE_UNUSABLE: { path: '/run/fanctl', problem: 'EROFS: read-only file system' },
  FILE_NOT_REGULAR: { path: '/etc/network/fan', problem: 'it is a pipe, not a regular file' },
  FILE_TOO_LARGE: { path: '/etc/network/fan', bytes: 5_368_709_120, largest: 16_777_216 },
  FIREWALL_UNSUPPORTED: { problem: 'Operation not supported' },
  NOT_YET: { verb: 'enable-docker', instead: 'attach it to the bridge by hand' },
  LIMIT_REACHED: { task: 'start the program nft', problem: 'too many open files', remedy: 'ulimit -n 1024' },
  PROC_MISSING: { path: '/proc/net/netlink' },
  PROGRAM_MISSING: { program: 'dnsmasq', package: 'dnsmasq-base' },
  MODULE_MISSING: { module: 'ipip', kind: 'ipip links' },
  KERNEL_TOO_OLD: { feature: 'the VNI filter of vxlan links', since: '5.18' },
  PORT_TAKEN: { port: 8472, holder: 'flannel.1' },
  DNS_PORT_TAKEN: { address: '250.3.4.1', port: 53, holder: 'named' },
  PROCESSES_HIDDEN: { bridge: 'fan-250' },
  DHCP_FAILED: { bridge: 'fan-250', problem: 'exit status 1' },
  FIREWALL_FAILED: { problem: 'Error: syntax error' },
  PROGRAM_FAILED: { program: 'nft', problem: 'spawn nft EACCES' },
  STEP_FAILED: { step: 'ip link set', problem: 'EBUSY' },
  OUTPUT_FAILED: { problem: 'ENOSPC' },
  INTERRUPTED: { signal: 'SIGINT' },
  ROLLBACK_FAILED: { problem: 'it failed', stuck: ['ip link del ftun0'] },
  TEARDOWN_INCOMPLETE: { problems: ['it failed'] },
  NOT_CONVERGED: { steps: ['ip link set fan-250 up'] },
}

const codes = Object.keys(samples) as ErrorCode[]
/** C0 and C1 controls, and the separators that terminals and log readers take for a new line. */
const control = /[\p{Cc}\u2028\u2029]/u

test('every code of the catalogue is looked at here', () => {
  expect(codes.sort()).toEqual(Object.keys(errors).sort())
})

describe.each(codes)('%s', (code) => {
  const error = new FanError(code, samples[code])

  test('says in one line what failed and what to do next', () => {
    for (const line of [error.message, ...(error.hint === undefined ? [] : [error.hint])]) {
      expect(line).not.toBe('')
      expect(line).not.toMatch(control)
      expect(line).not.toMatch(/undefined|NaN|\[object/)
      expect(line).not.toMatch(/^\s|\s$|\.$/)
    }
  })
})

test.each([
  ['ADDRESS_MALFORMED', 2],
  ['OVERLAY_NOT_WIDER', 2],
  ['USAGE', 2],
  ['MTU_INVALID', 2],
  ['NOT_ROOT', 1],
  ['DEVICE_NOT_FOUND', 1],
  ['LINK_CONFLICT', 1],
  ['ROLLBACK_FAILED', 1],
] as const)('%s ends with %d: 2 is a request that makes no sense on any host', (code, exitCode) => {
  expect(new FanError(code, samples[code]).exitCode).toBe(exitCode)
})

describe('what a person typed is quoted', () => {
  const hostile = 'a\nb\r\t\0\u001b[31m\u001b]0;title\u0007"'
  const quoting: readonly FanError[] = [
    new FanError('ADDRESS_MALFORMED', { ...text, text: hostile }),
    new FanError('VALUE_EMPTY', { ...text, text: hostile }),
    new FanError('IPV6_UNSUPPORTED', { ...text, text: hostile }),
    new FanError('LEADING_ZERO', { ...text, text: hostile, better: '10.0.3.4' }),
    new FanError('OCTET_OUT_OF_RANGE', { ...text, text: hostile }),
    new FanError('PREFIX_LENGTH_MISSING', { ...text, text: hostile, example: '10.0.3.4/16' }),
    new FanError('PREFIX_LENGTH_INVALID', { ...text, text: hostile }),
    new FanError('NUMBER_INVALID', { ...samples.NUMBER_INVALID, text: hostile }),
    new FanError('CHOICE_INVALID', { ...samples.CHOICE_INVALID, text: hostile }),
    new FanError('BRIDGE_NAME_INVALID', { ...samples.BRIDGE_NAME_INVALID, name: hostile }),
    new FanError('HOST_RESERVE_INVALID', { ...samples.HOST_RESERVE_INVALID, value: hostile }),
    new FanError('DEVICE_NOT_FOUND', { ...samples.DEVICE_NOT_FOUND, device: hostile }),
  ]

  test.each(quoting.map((error) => [error.code, error] as const))(
    '%s shows control characters and sends none',
    (_, error) => {
      expect(`${error.message}${error.hint}`).not.toMatch(control)
      if (error.code !== 'VALUE_EMPTY') expect(error.message).toContain('"a\\nb\\r\\t\\u0000\\u001b[31m')
    },
  )

  test('and cut where it is long', () => {
    const { message } = new FanError('ADDRESS_MALFORMED', { ...text, text: 'x'.repeat(10_000) })
    expect(message).toContain(`"${'x'.repeat(80)}…"`)
    expect(message.length).toBeLessThan(150)
  })
})

test('an error keeps its code, its details and its cause', () => {
  const cause = new Error('below')
  const error = new FanError('DHCP_FAILED', samples.DHCP_FAILED, { cause })
  expect(error).toBeInstanceOf(Error)
  expect([error.name, error.code, error.details, error.cause]).toEqual([
    'FanError',
    'DHCP_FAILED',
    samples.DHCP_FAILED,
    cause,
  ])
})

test('what another program says on several lines is one, and no terminal acts on it', () => {
  expect(new FanError('DHCP_FAILED', { bridge: 'fan-250', problem: 'a\n\u0007b' }).message).toContain('a \\u0007b')
})
