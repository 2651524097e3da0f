/** `down -a`. */
import * as z from 'zod/mini'
import type { DownAllResult } from '../app/fan/up-all.js'
import { format, problem, steps, viewProblem, viewSteps, warnings } from './parts.js'

export const downAllSchema = () =>
  z.object({
    format: format(),
    changed: z.boolean(),
    fans: z.array(z.object({ bridge: z.string(), changed: z.boolean(), steps: steps() })),
    failed: z.array(z.object({ bridge: z.string(), error: problem() })),
    warnings: warnings(),
  })
export type DownAllView = z.infer<ReturnType<typeof downAllSchema>>

export function viewDownAll({ done, failed, warnings: others }: DownAllResult): DownAllView {
  return {
    format: 1,
    changed: done.some(({ steps }) => steps.length > 0),
    fans: done.map(({ bridge, steps }) => ({ bridge, changed: steps.length > 0, steps: viewSteps(steps) })),
    failed: failed.map(({ bridge, error }) => ({ bridge, error: viewProblem(error) })),
    warnings: [...new Set([...done.flatMap(({ warnings }) => warnings), ...others])],
  }
}
