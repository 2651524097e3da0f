/** `config set` and `config unset`. */
import * as z from 'zod/mini'
import type { ConfigChange } from '../app/config/change.js'
import { formatOptions } from '../config/options/words.js'
import { format, warnings } from './parts.js'

export const configSetSchema = () =>
  z.object({
    format: format(),
    changed: z.boolean(),
    path: z.string(),
    /** What is kept now, as words. */
    options: z.array(z.string()),
    warnings: warnings(),
  })
export type ConfigSetView = z.infer<ReturnType<typeof configSetSchema>>

export function viewConfigSet({ changed, path, options, warnings }: ConfigChange): ConfigSetView {
  return { format: 1, changed, path, options: formatOptions(options), warnings: [...warnings] }
}
