/** `up -a` and `plan -a`. */
import * as z from 'zod/mini'
import type { UpAllResult } from '../app/fan/up-all.js'
import { fan, format, problem, steps, viewFan, viewProblem, viewSteps, warnings } from './parts.js'

export const upAllSchema = () =>
  z.object({
    format: format(),
    changed: z.boolean(),
    /** The path of the fan file. */
    file: z.string(),
    fans: z.array(z.object({ line: z.int(), changed: z.boolean(), fan: fan(), steps: steps() })),
    /** Lines that are off or not enabled. */
    skipped: z.array(z.object({ line: z.int(), text: z.string() })),
    /** `column` is null where the line is right and this host cannot do it. */
    failed: z.array(z.object({ line: z.int(), column: z.nullable(z.int()), error: problem() })),
    warnings: warnings(),
  })
export type UpAllView = z.infer<ReturnType<typeof upAllSchema>>

export function viewUpAll({ done, skipped, failed }: UpAllResult, file: string): UpAllView {
  return {
    format: 1,
    changed: done.some(({ result }) => result.steps.length > 0),
    file,
    fans: done.map(({ line, result: { fan, mtu, steps } }) => ({
      line: line.line,
      changed: steps.length > 0,
      fan: viewFan(fan, mtu),
      steps: viewSteps(steps),
    })),
    skipped: skipped.map(({ line, text }) => ({ line, text })),
    failed: failed.map(({ line, column, error }) => ({ line, column: column ?? null, error: viewProblem(error) })),
    warnings: [...new Set(done.flatMap(({ result }) => result.warnings))],
  }
}
