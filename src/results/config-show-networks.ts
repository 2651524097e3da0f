/** `config show NETWORKS`: every option of a fan, and what says so. */
import * as z from 'zod/mini'
import { type NetworkOptions, optionSources } from '../app/config/show.js'
import { lineStates } from '../config/fan-file.js'
import { namesOf } from '../config/networks.js'
import { format, warnings } from './parts.js'

export const configShowNetworksSchema = () =>
  z.object({
    format: format(),
    underlay: z.string(),
    overlay: z.string(),
    line: z.nullable(z.int()),
    state: z.nullable(z.enum(lineStates)),
    options: z.array(
      z.object({
        option: z.string(),
        /** Null: it follows the underlay, or the type of fan does not have it. */
        value: z.nullable(z.union([z.string(), z.int(), z.boolean()])),
        from: z.enum(optionSources),
        /** The file and line, or the file, that says so. */
        source: z.nullable(z.string()),
      }),
    ),
    warnings: warnings(),
  })
export type ConfigShowNetworksView = z.infer<ReturnType<typeof configShowNetworksSchema>>

export function viewNetworks({ networks, line, state, options }: NetworkOptions): ConfigShowNetworksView {
  return {
    format: 1,
    ...namesOf(networks),
    line: line ?? null,
    state: state ?? null,
    options: options.map(({ option, value, from, path, line: own }) => ({
      option,
      value: value ?? null,
      from,
      source: path === undefined ? null : [path, ...(own === undefined ? [] : [own])].join(':'),
    })),
    warnings: [],
  }
}
