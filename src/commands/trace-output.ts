/** A trace for people: one line a stage, and below it what that means. */
import type { TraceView } from '../results/trace.js'
import { type Colour, type Paint, plain } from './colour.js'

const colours: Partial<Record<TraceView['stages'][number]['state'], Colour>> = {
  ok: 'green',
  warning: 'yellow',
  failed: 'red',
}

export function printTrace({ stages, address, answers, stopsAt }: TraceView, paint: Paint = plain): string {
  const lines = stages.flatMap(({ stage, state, text, hints }) => [
    `${paint(colours[state], state)}${' '.repeat(9 - state.length)}${stage.padEnd(10)} ${text}`,
    ...hints.map((hint) => `${''.padEnd(20)}- ${hint}`),
  ])
  return [...lines, '', conclusion(address, answers, stopsAt)].join('\n')
}

function conclusion(address: string, answers: boolean | null, stopsAt: string | null): string {
  if (answers && stopsAt === null) return `${address} answers`
  if (answers) return `${address} answers; see "${stopsAt}" above`
  if (stopsAt !== null) return `the path ends at "${stopsAt}"`
  return answers === null
    ? 'nothing stops a packet as far as can be seen from here; no probes were sent'
    : `${address} does not answer`
}
