/** `config import`. */
import * as z from 'zod/mini'
import type { ImportedLines } from '../app/config/import.js'
import { importSources } from '../config/import/imported.js'
import { format, warnings } from './parts.js'

export const configImportSchema = () =>
  z.object({
    format: format(),
    from: z.enum(importSources),
    /** Lines for the fan file. */
    lines: z.array(z.string()),
    /** What has no equivalent, and why. */
    notes: z.array(z.string()),
    /** The path of the fan file, if lines were added to it, and which. */
    file: z.nullable(z.string()),
    added: z.array(z.string()),
    warnings: warnings(),
  })
export type ConfigImportView = z.infer<ReturnType<typeof configImportSchema>>

export function viewImport({ from, lines, notes, path, added, warnings }: ImportedLines): ConfigImportView {
  return {
    format: 1,
    from,
    lines: [...lines],
    notes: [...notes],
    file: path ?? null,
    added: [...added],
    warnings: [...warnings],
  }
}
