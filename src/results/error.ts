/** What a command that fails returns. */
import * as z from 'zod/mini'
import { problem, viewProblem } from './parts.js'

export const errorSchema = () => z.object({ error: problem() })

export function viewError(error: Error): z.infer<ReturnType<typeof errorSchema>> {
  return { error: viewProblem(error) }
}
