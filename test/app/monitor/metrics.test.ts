import { expect, test } from 'vitest'
import { formatMetrics, type Measured } from '../../../src/app/monitor/metrics.js'
import { fan } from '../../core/support.js'

const up: Measured = {
  fan: fan({ type: 'vxlan' }),
  drift: 0,
  isStranded: false,
  linksUp: ['fan-250', 'ftun-250'],
  containers: 2,
  leases: 3,
  counts: { sent: 4, delivered: 5, spoofed: 6, misdirected: 7, offMap: 8 },
  drops: { forged: 11, martian: 12, dhcp: 13, excess: 14 },
}
const broken: Measured = {
  ...up,
  fan: fan({ overlay: '251.0.0.0/8' }),
  drift: 2,
  linksUp: ['ftun0'],
  counts: undefined,
  drops: undefined,
}
const stranded: Measured = { ...up, isStranded: true }

const samples = (text: string, name: string) => text.split('\n').filter((line) => line.startsWith(`${name}{`))

test('every metric has a help, a type, and nothing but samples', () => {
  const text = formatMetrics([up, broken], [], [{ bridge: 'fan-250', kind: 'link', result: 'failed', count: 9 }], 1.5)
  const names = [...text.matchAll(/^# HELP (\w+) .+\n# TYPE \1 (?:gauge|counter)$/gm)].map((match) => match[1])
  expect(names).toHaveLength(12)
  const rest = text.split('\n').filter((line) => !line.startsWith('# ') && line !== '')
  for (const line of rest) {
    expect(line).toMatch(/^\w+(?:\{(?:\w+="[^"\n]*",?)+\})? [\d.]+$/)
    expect(names).toContain(line.match(/^\w+/)?.[0])
  }
  expect(text.endsWith('\n')).toBe(true)
})

test('a fan is up if all of it is in place and its host has its address', () => {
  const values = [up, broken, stranded].map((one) => samples(formatMetrics([one], [], [], 0), 'fanctl_fan_up'))
  expect(values).toEqual([
    ['fanctl_fan_up{bridge="fan-250"} 1'],
    ['fanctl_fan_up{bridge="fan-251"} 0'],
    ['fanctl_fan_up{bridge="fan-250"} 0'],
  ])
})

test('links that are gone are 0, and counters that nobody may read are left out', () => {
  const text = formatMetrics([broken], [], [], 0)
  expect(samples(text, 'fanctl_link_up')).toEqual([
    'fanctl_link_up{bridge="fan-251",link="fan-251"} 0',
    'fanctl_link_up{bridge="fan-251",link="ftun0"} 1',
  ])
  expect(samples(text, 'fanctl_packets_total')).toEqual([])
  expect(samples(text, 'fanctl_firewall_drops_total')).toEqual([])
})

test('packets are told by what became of them', () => {
  expect(samples(formatMetrics([up], [], [], 0), 'fanctl_packets_total')).toEqual(
    ['sent', 'delivered', 'spoofed', 'misdirected', 'off_map'].map(
      (result, index) => `fanctl_packets_total{bridge="fan-250",result="${result}"} ${index + 4}`,
    ),
  )
})

test('packets that the firewall drops are told by what was wrong with them', () => {
  expect(samples(formatMetrics([up], [], [], 0), 'fanctl_firewall_drops_total')).toEqual(
    ['forged', 'martian', 'dhcp', 'excess'].map(
      (reason, index) => `fanctl_firewall_drops_total{bridge="fan-250",reason="${reason}"} ${index + 11}`,
    ),
  )
})

test('repairs are told by fan, kind and result', () => {
  const text = formatMetrics([], [], [{ bridge: 'fan-250', kind: 'link', result: 'repaired', count: 9 }], 0)
  expect(samples(text, 'fanctl_repairs_total')).toEqual([
    'fanctl_repairs_total{bridge="fan-250",kind="link",result="repaired"} 9',
  ])
})
