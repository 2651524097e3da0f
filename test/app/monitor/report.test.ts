/** Lines of the monitor, without the loop around them. */
import { describe, expect, test } from 'vitest'
import type { Attempt, Look } from '../../../src/app/monitor/keeper.js'
import { type Event, line, Reporter } from '../../../src/app/monitor/report.js'
import { FanError } from '../../../src/core/errors.js'
import type { Repair } from '../../../src/core/repair/repairs.js'
import { fan, prefix } from '../../core/support.js'
import { ordinaryHost } from '../../fake/machine.js'

const gone = new FanError('DEVICE_WITHOUT_ADDRESS', { device: 'eth0' })
const refused = new FanError('STEP_FAILED', { step: 'ip link add ftun-250', problem: 'EBUSY' })

const repair: Repair = {
  thing: 'link ftun-250',
  bridge: 'fan-250',
  kind: 'link',
  what: 'restored tunnel ftun-250',
  steps: [{ object: 'clsact', link: 'ftun-250', after: true }],
}

/** What a look has found and done. */
function look({ attempt, stranded }: { attempt?: Partial<Attempt>; stranded?: FanError } = {}): Look {
  return {
    found: ordinaryHost(prefix('10.0.3.4/16')),
    broken: [],
    followed: {
      fans: [fan()],
      moves: [],
      stranded: stranded ? [{ bridge: 'fan-250', problem: stranded }] : [],
    },
    attempts: attempt ? [{ repair, count: 1, problem: undefined, pause: 1000, ...attempt }] : [],
    left: [],
    retryIn: undefined,
  }
}

test.each<[Event['level'], why: string, Event['event'][]]>([
  ['info', 'all is well, or is again', ['started', 'stopped', 'repaired', 'recovered', 'arrived']],
  ['warning', 'a fan waits for the host to change', ['waiting', 'stranded']],
  ['error', 'somebody has to do something', ['failed']],
])('the level is %s where %s', (level, _, events) => {
  expect(events.map((event) => line(event, undefined, '').level)).toEqual(events.map(() => level))
})

describe('the lines of a look', () => {
  test('say what was mended, with the steps that did it', () => {
    expect(new Reporter(0).linesOf(look({ attempt: {} }), 0)).toEqual([
      {
        level: 'info',
        event: 'repaired',
        bridge: 'fan-250',
        kind: 'link',
        message: 'restored tunnel ftun-250',
        steps: repair.steps,
      },
    ])
  })

  test('say what cannot be mended as an error, and the same only once', () => {
    const reporter = new Reporter(0)
    const failed = look({ attempt: { problem: refused } })
    expect(reporter.linesOf(failed, 0)).toMatchObject([
      {
        level: 'error',
        event: 'failed',
        bridge: 'fan-250',
        kind: 'link',
        steps: [],
        message: 'cannot repair link ftun-250 (retry in 1 s): this step failed: ip link add ftun-250: EBUSY',
      },
    ])
    expect(reporter.linesOf(failed, 0)).toEqual([])
  })

  test('warn of a fan that is cut off once it is so for longer than a moment, and say when it is not any more', () => {
    const reporter = new Reporter(1000)
    expect(reporter.linesOf(look({ stranded: gone }), 0)).toEqual([])
    expect(reporter.dueIn(400)).toBe(600)
    expect(reporter.linesOf(look({ stranded: gone }), 1000)).toMatchObject([
      {
        level: 'warning',
        event: 'stranded',
        bridge: 'fan-250',
        message: expect.stringMatching(/^cut off until this is fixed: the device "eth0" has no IPv4 address; wait for/),
      },
    ])
    expect(reporter.dueIn(1000)).toBeUndefined()
    expect(reporter.linesOf(look(), 2000)).toMatchObject([{ level: 'info', event: 'recovered', bridge: 'fan-250' }])
  })
})

test('a problem with the whole host is an error about no fan, told once until it is gone', () => {
  const reporter = new Reporter(0)
  const damaged = new FanError('FILE_INVALID', {
    path: '/run/fanctl/fan-250.fan.json',
    problem: 'it is empty',
    bridge: 'fan-250',
  })
  const first = reporter.problemLines('this host', damaged)
  expect(first).toMatchObject([{ level: 'error', event: 'failed', bridge: undefined }])
  expect(reporter.problemLines('this host', damaged)).toEqual([])
  expect(reporter.problemLines('this host', undefined)).toEqual([])
  expect(reporter.problemLines('this host', damaged)).toEqual(first)
})

test('a fan whose record is of no use is told once, and again when it is kept', () => {
  const reporter = new Reporter(0)
  const problem = new FanError('RECORD_NEWER', { path: '/run/fanctl/fan-250.fan.json', format: 2 })
  const broken = [{ file: 'fan-250.fan.json', bridge: 'fan-250', problem, seen: undefined }]
  const without = { ...look(), followed: { fans: [], moves: [], stranded: [] } }
  expect(reporter.linesOf({ ...without, broken }, 0)).toMatchObject([
    { level: 'error', event: 'failed', bridge: 'fan-250', message: expect.stringContaining('not watched: ') },
  ])
  expect(reporter.linesOf({ ...without, broken }, 1)).toEqual([])
  expect(reporter.linesOf(look(), 2)).toMatchObject([{ level: 'info', event: 'recovered', bridge: 'fan-250' }])
})
