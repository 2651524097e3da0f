import { expect, test } from 'vitest'
import { line } from '../../src/app/monitor/report.js'
import { viewEvent } from '../../src/results/monitor.js'
import { expectToFit } from './fits.js'

const time = new Date('2025-06-15T15:06:40Z')

test('an event has its time, and the command lines of what was done', () => {
  const steps = [{ object: 'clsact', link: 'ftun-250', after: true }] as const
  const view = viewEvent({ ...line('repaired', 'fan-250', 'restored tunnel ftun-250'), kind: 'link', steps }, time)
  expect(view).toEqual({
    format: 1,
    time: '2025-06-15T15:06:40.000Z',
    level: 'info',
    event: 'repaired',
    bridge: 'fan-250',
    kind: 'link',
    message: 'restored tunnel ftun-250',
    commands: ['tc qdisc add dev ftun-250 clsact'],
  })
  expectToFit('monitor', view)
})

test('an event about the whole host has no bridge, and one that mends nothing no kind', () => {
  const view = viewEvent(line('stopped', undefined, 'stopped by SIGTERM'), time)
  expect(view).toMatchObject({ level: 'info', bridge: null, kind: null, commands: [] })
  expectToFit('monitor', view)
})
