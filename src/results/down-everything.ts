/** `down -e`. */
import * as z from 'zod/mini'
import type { EverythingResult } from '../app/fan/down-everything.js'
import { format, steps, viewSteps, warnings } from './parts.js'

export const downEverythingSchema = () =>
  z.object({
    format: format(),
    changed: z.boolean(),
    bridges: z.array(z.string()),
    steps: steps(),
    warnings: warnings(),
  })
export type DownEverythingView = z.infer<ReturnType<typeof downEverythingSchema>>

export function viewDownEverything({ bridges, steps, warnings }: EverythingResult): DownEverythingView {
  return {
    format: 1,
    changed: steps.length > 0,
    bridges: [...bridges],
    steps: viewSteps(steps),
    warnings: [...warnings],
  }
}
