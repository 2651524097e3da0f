import { describe, expect, test } from 'vitest'
import { defaultVni, portOf, vniOf } from '../../../../src/core/types/vxlan/options.js'
import { fan, prefix } from '../../support.js'

describe('a vxlan fan', () => {
  test.each([
    // LXD's values: the first three octets of the overlay.
    ['250.0.0.0/8', 16_384_000],
    ['240.0.0.0/8', 15_728_640],
    ['10.0.0.0/8', 655_360],
    ['172.31.0.0/16', 11_280_128],
  ])('has for %s the VNI %d, as in LXD', (overlay, vni) => {
    expect(defaultVni(prefix(overlay))).toBe(vni)
    expect(vniOf(fan({ type: 'vxlan', overlay, underlay: '192.168.0.1/24' }))).toBe(vni)
  })

  test('has the VNI and the port that were asked for, or the port of LXD and of Ubuntu', () => {
    expect(vniOf(fan({ type: 'vxlan', vni: 7 }))).toBe(7)
    expect(portOf(fan({ type: 'vxlan', port: 4789 }))).toBe(4789)
    expect(portOf(fan({ type: 'vxlan' }))).toBe(8472)
  })
})
