/** `down`. */
import * as z from 'zod/mini'
import type { DownResult } from '../app/fan/down.js'
import { format, steps, viewSteps, warnings } from './parts.js'

export const downSchema = () =>
  z.object({ format: format(), changed: z.boolean(), bridge: z.string(), steps: steps(), warnings: warnings() })
export type DownView = z.infer<ReturnType<typeof downSchema>>

export function viewDown({ bridge, steps, warnings }: DownResult): DownView {
  return { format: 1, changed: steps.length > 0, bridge, steps: viewSteps(steps), warnings: [...warnings] }
}
