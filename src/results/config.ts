/** What the commands of `config` return with --json, as schemas. */
import * as z from 'zod/mini'

const format = z.literal(1)
const warnings = z.array(z.string())

/** Whether `up -a` brings a line up, and if not, why. */
const lineState = z.enum(['enabled', 'off', 'not enabled'])

const configList = z.object({
  format,
  file: z.string(),
  networks: z.array(
    z.object({
      underlay: z.string(),
      overlay: z.string(),
      /** Of the fan file; null where only settings are kept. */
      line: z.nullable(z.int()),
      state: z.nullable(lineState),
      /** The path of the kept settings. */
      settings: z.nullable(z.string()),
    }),
  ),
  warnings,
})

/** The files as they are. */
const configShow = z.object({
  format,
  file: z.object({ path: z.string(), text: z.nullable(z.string()) }),
  settings: z.array(z.object({ path: z.string(), text: z.string() })),
  warnings,
})

const scalar = z.union([z.string(), z.int(), z.boolean()])

/** `config show NETWORKS`. */
const configShowNetworks = z.object({
  format,
  underlay: z.string(),
  overlay: z.string(),
  line: z.nullable(z.int()),
  state: z.nullable(lineState),
  options: z.array(
    z.object({
      option: z.string(),
      /** Null: it follows the underlay, or the type of fan does not have it. */
      value: z.nullable(scalar),
      from: z.enum(['default', 'settings', 'file']),
      /** The file and line, or the file, that says so. */
      place: z.nullable(z.string()),
    }),
  ),
  warnings,
})

/** `config set` and `config unset`. */
const configSet = z.object({
  format,
  changed: z.boolean(),
  path: z.string(),
  /** What is kept now, as words. */
  options: z.array(z.string()),
  warnings,
})

const configCheck = z.object({
  format,
  file: z.string(),
  /** Whether there is no error. */
  ok: z.boolean(),
  findings: z.array(
    z.object({
      level: z.enum(['error', 'warning']),
      path: z.string(),
      /** Null: it is about the whole file. */
      line: z.nullable(z.int()),
      column: z.nullable(z.int()),
      code: z.string(),
      message: z.string(),
      hint: z.nullable(z.string()),
    }),
  ),
  warnings,
})

const configImport = z.object({
  format,
  from: z.enum(['flannel', 'lxd', 'juju', 'ubuntu-fan']),
  /** Lines for the fan file. */
  lines: z.array(z.string()),
  /** What has no equivalent, and why. */
  notes: z.array(z.string()),
  /** The path of the fan file, if lines were added to it, and which. */
  file: z.nullable(z.string()),
  added: z.array(z.string()),
  warnings,
})

export const configSchemas = {
  'config-list': configList,
  'config-show': configShow,
  'config-show-networks': configShowNetworks,
  'config-set': configSet,
  'config-unset': configSet,
  'config-check': configCheck,
  'config-import': configImport,
}

export type ConfigListView = z.infer<typeof configList>
export type ConfigShowView = z.infer<typeof configShow>
export type ConfigShowNetworksView = z.infer<typeof configShowNetworks>
export type ConfigSetView = z.infer<typeof configSet>
export type ConfigCheckView = z.infer<typeof configCheck>
export type ConfigImportView = z.infer<typeof configImport>
