import { expect, test } from 'vitest'
import { ipip } from '../../../src/core/types/ipip.js'
import { fan } from '../support.js'

test.each([
  ['ebpf', 'routes', '10.0.3.4/16', undefined],
  ['fan-map', 'ebpf', '10.0.3.4/16', 'FAN_MAP_TAKEN'],
  ['ebpf', 'fan-map', '10.0.3.4/16', 'FAN_MAP_TAKEN'],
  ['fan-map', 'fan-map', '10.0.3.4/16', 'FAN_MAP_TAKEN'],
  // A map takes the packets for its own address only.
  ['fan-map', 'ebpf', '192.168.3.4/16', undefined],
] as const)(
  'fans steered by %s and by %s, the one at 10.0.3.4 and the other at %s: %s',
  (one, other, underlay, code) => {
    const second = fan({ steering: other, overlay: '251.0.0.0/8', underlay })
    expect(ipip.clash(fan({ steering: one }), second)?.code).toBe(code)
  },
)

test('a fan without a tunnel of its own is taken for one that shares it', () => {
  expect(ipip.recognise({ tunnel: undefined })).toEqual({})
})
