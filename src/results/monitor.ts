/** `monitor`: a line for each event. */
import * as z from 'zod/mini'
import { type Event, eventNames, levels } from '../app/monitor/report.js'
import { describe } from '../core/objects/objects.js'
import { format } from './parts.js'

export const monitorSchema = () =>
  z.object({
    format: format(),
    /** ISO 8601. */
    time: z.string(),
    level: z.enum(levels),
    event: z.enum(eventNames),
    /** null: about the whole host. */
    bridge: z.nullable(z.string()),
    /** What kind of thing was mended; null: none. */
    kind: z.nullable(z.string()),
    message: z.string(),
    /** The command lines that do what was done. */
    commands: z.array(z.string()),
  })
export type MonitorLine = z.infer<ReturnType<typeof monitorSchema>>

export function viewEvent({ level, event, bridge, kind, message, steps }: Event, time: Date): MonitorLine {
  return {
    format: 1,
    time: time.toISOString(),
    level,
    event,
    bridge: bridge ?? null,
    kind: kind ?? null,
    message,
    commands: steps.flatMap(describe),
  }
}
