/** `config show`: the files as they are. */
import * as z from 'zod/mini'
import type { ConfigFiles } from '../app/config/show.js'
import { format, warnings } from './parts.js'

export const configShowSchema = () =>
  z.object({
    format: format(),
    file: z.object({ path: z.string(), text: z.nullable(z.string()) }),
    settings: z.array(z.object({ path: z.string(), text: z.string() })),
    warnings: warnings(),
  })
export type ConfigShowView = z.infer<ReturnType<typeof configShowSchema>>

export function viewConfig({ file, settings }: ConfigFiles): ConfigShowView {
  return {
    format: 1,
    file: { path: file.path, text: file.text ?? null },
    settings: settings.map(({ path, text }) => ({ path, text })),
    warnings: [],
  }
}
