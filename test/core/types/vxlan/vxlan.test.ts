import { expect, test } from 'vitest'
import { vxlan } from '../../../../src/core/types/vxlan/vxlan.js'
import { type FanText, fan } from '../../support.js'

test.each<[FanText, FanText, string | undefined]>([
  [{}, {}, undefined],
  [{ vni: 7 }, { vni: 7 }, 'VNI_TAKEN'],
  [{ vni: 7 }, { vni: 7, port: 4789 }, undefined],
  [{ vni: 7, port: 8472 }, { vni: 7 }, 'VNI_TAKEN'],
  // What is not given counts, too.
  [{}, { vni: 16_384_000 }, 'VNI_TAKEN'],
])('%j and %j on one host: %s', (one, other, code) => {
  const [first, second] = [
    fan({ type: 'vxlan', ...one }),
    fan({ type: 'vxlan', overlay: '251.0.0.0/8', ...other }),
  ] as const
  expect(vxlan.clash(first, second)?.code).toBe(code)
  expect(vxlan.claim(first) === vxlan.claim(second)).toBe(code !== undefined)
})

test('what a tunnel on the host tells of a fan', () => {
  expect(vxlan.recognise({ tunnel: { kind: 'vxlan', vnis: [7], port: 4789 } })).toEqual({ vni: 7, port: 4789 })
  expect(vxlan.recognise({ tunnel: { kind: 'vxlan', vnis: [], port: undefined } })).toEqual({})
  expect(vxlan.recognise({ tunnel: undefined })).toBeUndefined()
})
