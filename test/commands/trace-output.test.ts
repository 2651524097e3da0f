import { expect, test } from 'vitest'
import type { Paint } from '../../src/commands/colour.js'
import { printTrace } from '../../src/commands/trace-output.js'
import type { TraceView } from '../../src/results/trace.js'

const marked: Paint = (colour, text) => (colour ? `<${colour} ${text}>` : text)

function view(more: Partial<TraceView> = {}): TraceView {
  return {
    format: 1,
    address: '250.7.8.9',
    side: 'overlay',
    role: 'container',
    owner: '10.0.7.8',
    isHere: false,
    fans: [],
    route: null,
    container: null,
    probes: [],
    stages: [
      { stage: 'fan', state: 'ok', text: 'fan-250 is up', hints: [] },
      { stage: 'underlay', state: 'warning', text: 'reached', hints: ['look', 'again'] },
      { stage: 'host', state: 'failed', text: 'silent', hints: ['wait'] },
      { stage: 'gateway', state: 'skipped', text: 'not asked', hints: [] },
    ],
    answers: null,
    stopsAt: null,
    complete: false,
    warnings: [],
    ...more,
  }
}

test('a stage is a line, with its hints below its text', () => {
  expect(printTrace(view()).split('\n').slice(0, 7)).toEqual([
    'ok       fan        fan-250 is up',
    'warning  underlay   reached',
    '                    - look',
    '                    - again',
    'failed   host       silent',
    '                    - wait',
    'skipped  gateway    not asked',
  ])
})

test('states are in colour, and texts stay in their columns', () => {
  const lines = printTrace(view(), marked).split('\n')
  expect([lines[0], lines[1], lines[4], lines[6]]).toEqual([
    '<green ok>       fan        fan-250 is up',
    '<yellow warning>  underlay   reached',
    '<red failed>   host       silent',
    'skipped  gateway    not asked',
  ])
})

test.each([
  [true, null, /^250\.7\.8\.9 answers$/],
  [true, 'size', /^250\.7\.8\.9 answers; .*"size"/],
  [false, 'host', /"host"/],
  [false, null, /^250\.7\.8\.9 does not answer$/],
  [null, null, /^(?!.*answers?$)/],
] as const)('where it answers %s and the way stops at %s, the last line says so', (answers, stopsAt, line) => {
  expect(printTrace(view({ answers, stopsAt })).split('\n').at(-1)).toMatch(line)
})
