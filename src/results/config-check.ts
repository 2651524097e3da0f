/** `config check`. */
import * as z from 'zod/mini'
import { type ConfigCheck, findingLevels } from '../app/config/check.js'
import { format, viewProblem, warnings } from './parts.js'

export const configCheckSchema = () =>
  z.object({
    format: format(),
    file: z.string(),
    /** Whether there is no error. */
    ok: z.boolean(),
    findings: z.array(
      z.object({
        level: z.enum(findingLevels),
        path: z.string(),
        /** Null: it is about the whole file. */
        line: z.nullable(z.int()),
        column: z.nullable(z.int()),
        code: z.string(),
        message: z.string(),
        hint: z.nullable(z.string()),
      }),
    ),
    warnings: warnings(),
  })
export type ConfigCheckView = z.infer<ReturnType<typeof configCheckSchema>>

export function viewConfigCheck({ path: file, findings }: ConfigCheck): ConfigCheckView {
  return {
    format: 1,
    file,
    ok: findings.every(({ level }) => level !== 'error'),
    findings: findings.map(({ level, path, line, column, error }) => {
      const { code, message, hint } = viewProblem(error)
      return { level, path, line: line ?? null, column: column ?? null, code, message, hint }
    }),
    warnings: [],
  }
}
