/** The lines of a monitor, each with its end. */
import type { Event } from '../app/monitor/report.js'
import { oneLine } from '../core/printable.js'
import { viewEvent } from '../results/monitor.js'
import { type Paint, plain } from './colour.js'

/** For programs. */
export function jsonLine(event: Event, time: Date): string {
  return `${JSON.stringify(viewEvent(event, time))}\n`
}

/** What the journal takes off the beginning of a line as its priority (sd-daemon(3)). */
const priorities = { info: '<6>', warning: '<4>', error: '<3>' }
const colours = { warning: 'yellow', error: 'red' } as const

/**
 * For people and the journal, which notes the time itself, and tells what writes to it that it is there
 * (JOURNAL_STREAM).
 */
export function textLine(
  { level, bridge, message }: Event,
  environment: Readonly<Record<string, string | undefined>>,
  paint: Paint = plain,
): string {
  const isJournal = environment['JOURNAL_STREAM'] !== undefined
  const word = level === 'info' ? '' : `${paint(colours[level], `${level}:`)} `
  const start = isJournal ? priorities[level] : word
  return `${start}${oneLine(`${bridge === undefined ? '' : `${bridge}: `}${message}`)}\n`
}
