/** `config list`. */
import * as z from 'zod/mini'
import type { ConfigList } from '../app/config/list.js'
import { lineStates } from '../config/fan-file.js'
import { namesOf } from '../config/networks.js'
import { format, warnings } from './parts.js'

export const configListSchema = () =>
  z.object({
    format: format(),
    file: z.string(),
    networks: z.array(
      z.object({
        underlay: z.string(),
        overlay: z.string(),
        /** Of the fan file; null where only settings are kept. */
        line: z.nullable(z.int()),
        /** Whether `up -a` brings the line up, and if not, why. */
        state: z.nullable(z.enum(lineStates)),
        /** The path of the kept settings. */
        settings: z.nullable(z.string()),
      }),
    ),
    warnings: warnings(),
  })
export type ConfigListView = z.infer<ReturnType<typeof configListSchema>>

export function viewConfigList({ path, fans, warnings }: ConfigList): ConfigListView {
  return {
    format: 1,
    file: path,
    networks: fans.map(({ networks, line, state, settings }) => ({
      ...namesOf(networks),
      line: line ?? null,
      state: state ?? null,
      settings: settings ?? null,
    })),
    warnings: [...warnings],
  }
}
