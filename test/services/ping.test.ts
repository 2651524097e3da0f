import { describe, expect, test } from 'vitest'
import { readAddress } from '../../src/config/values.js'
import type { Answer } from '../../src/core/probe.js'
import { parsePing, wordsFor } from '../../src/services/ping.js'

const head = 'PING 10.0.7.8 (10.0.7.8) 1472(1500) bytes of data.'
const lost = '2 packets transmitted, 0 received, 100% packet loss, time 201ms'

/** As iputils 20161105 to 20240905 and BusyBox 1.30 to 1.36 print it. */
const outputs: [what: string, output: string, complaint: string, answer: Answer][] = [
  [
    'an answer',
    `${head}\n64 bytes from 10.0.7.8: icmp_seq=1 ttl=64 time=0.134 ms`,
    '',
    { kind: 'answered', milliseconds: 0.134 },
  ],
  [
    'a whole number',
    '64 bytes from 10.0.7.8: icmp_seq=1 ttl=64 time=12 ms',
    '',
    { kind: 'answered', milliseconds: 12 },
  ],
  [
    "busybox' answer",
    '64 bytes from 10.0.7.8: seq=0 ttl=64 time=0.134 ms',
    '',
    { kind: 'answered', milliseconds: 0.134 },
  ],
  [
    'one lost, one answered',
    `${head}\nFrom 10.0.0.1 icmp_seq=1 Redirect Host\n64 bytes from 10.0.7.8: icmp_seq=2 ttl=64 time=0.1 ms`,
    '',
    { kind: 'answered', milliseconds: 0.1 },
  ],
  ['silence', `${head}\n\n--- 10.0.7.8 ping statistics ---\n${lost}`, '', { kind: 'silent' }],
  [
    'a router that cannot reach it',
    `${head}\nFrom 10.0.0.1 icmp_seq=1 Destination Host Unreachable\n${lost}`,
    '',
    { kind: 'refused', by: '10.0.0.1', reason: 'Destination Host Unreachable' },
  ],
  [
    'a firewall that says so',
    'From 10.0.7.8 icmp_seq=1 Packet filtered',
    '',
    { kind: 'refused', by: '10.0.7.8', reason: 'Packet filtered' },
  ],
  [
    'a router with a smaller link',
    'From 10.0.0.1 icmp_seq=1 Frag needed and DF set (mtu = 1400)',
    '',
    { kind: 'too-big', mtu: 1400 },
  ],
  ['a smaller link here', head, 'ping: local error: message too long, mtu=1400', { kind: 'too-big', mtu: 1400 }],
  ['the same in newer words', head, 'ping: local error: Message too long, mtu: 1400', { kind: 'too-big', mtu: 1400 }],
  ['the same without a number', head, 'ping: sendmsg: Message too long', { kind: 'too-big', mtu: undefined }],
  [
    'no route',
    '',
    'ping: connect: Network is unreachable',
    { kind: 'unsent', problem: 'connect: Network is unreachable' },
  ],
  [
    'a source that is not ours',
    '',
    'ping: bind: Cannot assign requested address',
    { kind: 'unsent', problem: 'bind: Cannot assign requested address' },
  ],
  [
    "busybox' refusal",
    'PING 10.0.7.8 (10.0.7.8): 56 data bytes',
    'ping: permission denied (are you root?)',
    { kind: 'unsent', problem: 'permission denied (are you root?)' },
  ],
]

describe('what ping prints', () => {
  test.each(outputs)('%s', (_, output, complaint, answer) => {
    expect(parsePing({ status: 1, output, complaint })).toEqual(answer)
  })
})

test('a full ping is given the size of the data, a smaller one only what it knows', () => {
  const probe = {
    to: readAddress('to', '10.0.7.8'),
    from: readAddress('from', '10.0.3.4'),
    bytes: 1500,
    count: 2,
    seconds: 1,
  }
  expect(wordsFor(probe, true).join(' ')).toBe('-n -i 0.2 -c 2 -W 1 -M do -s 1472 -I 10.0.3.4 10.0.7.8')
  const { bytes: _, from: __, ...small } = probe
  expect(wordsFor(small, false).join(' ')).toBe('-c 2 -W 1 10.0.7.8')
})
