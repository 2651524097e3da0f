import { describe, expect, test } from 'vitest'
import { type Event, line } from '../../src/app/monitor/report.js'
import type { Paint } from '../../src/commands/colour.js'
import { jsonLine, textLine } from '../../src/commands/monitor-output.js'
import { viewEvent } from '../../src/results/monitor.js'

const repaired = line('repaired', 'fan-250', 'restored tunnel ftun-250')
const stranded = line('stranded', 'fan-250', 'cut off until this is fixed: the device "eth0" has no IPv4 address')
const failed = line('failed', undefined, '/run/fanctl/fan-250.fan.json is damaged: it is empty')

describe('a line of the monitor', () => {
  test.each<[Event['level'], journal: string, terminal: string, Event]>([
    ['info', '<6>', '', repaired],
    ['warning', '<4>', 'warning: ', stranded],
    ['error', '<3>', 'error: ', failed],
  ])('of level %s begins with "%s" in the journal, and with "%s" on a terminal', (level, journal, terminal, event) => {
    expect(event.level).toBe(level)
    const rest = `${event.bridge === undefined ? '' : 'fan-250: '}${event.message}\n`
    expect(textLine(event, { JOURNAL_STREAM: '8:12345' })).toBe(`${journal}${rest}`)
    expect(textLine(event, {})).toBe(`${terminal}${rest}`)
  })

  test('has its level in colour on a terminal, and none in the journal', () => {
    const mark: Paint = (colour, text) => `<${colour} ${text}>`
    expect(textLine(stranded, {}, mark)).toMatch(/^<yellow warning:> fan-250: /)
    expect(textLine(failed, {}, mark)).toMatch(/^<red error:> /)
    expect(textLine(repaired, {}, mark)).toMatch(/^fan-250: /)
    expect(textLine(failed, { JOURNAL_STREAM: '8:12345' }, mark)).toMatch(/^<3>\/run/)
  })

  test('has no priority but its own, and no other line, whatever its message is', () => {
    const event = line('repaired', 'fan-250', 'a\n<0>b\u001b[31m')
    expect(textLine(event, { JOURNAL_STREAM: '8:12345' })).toBe('<6>fan-250: a <0>b\\u001b[31m\n')
  })

  test('is one line of JSON with the time, for programs', () => {
    const text = jsonLine(stranded, new Date('2025-06-15T15:06:40Z'))
    expect(text.match(/\n/g)).toHaveLength(1)
    const whole: unknown = JSON.parse(text)
    expect(whole).toEqual(viewEvent(stranded, new Date('2025-06-15T15:06:40Z')))
  })
})
