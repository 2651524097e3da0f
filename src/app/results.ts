/**
 * What the commands return with --json, as schemas: an object with `format: 1`, camelCase keys, addresses as text.
 * The types are taken from the schemas; the schemas themselves are for `schemas/` and the tests.
 */
import * as z from 'zod/mini'

const format = z.literal(1)
const warnings = z.array(z.string())
const pool = z.object({ first: z.string(), last: z.string() })

const problem = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.nullable(z.string()),
  exitCode: z.int(),
})

const fan = z.object({
  bridge: z.string(),
  overlay: z.string(),
  /** The host's address with the underlay's length. */
  underlay: z.string(),
  type: z.enum(['ipip', 'vxlan']),
  steering: z.literal('ebpf'),
  /** Why this steering and no other. */
  steeringReason: z.string(),
  tunnel: z.string(),
  slice: z.string(),
  gateway: z.string(),
  pool,
  dhcp: z.boolean(),
  nat: z.boolean(),
  hostReserve: z.int(),
  mtu: z.int(),
  /** vxlan only. */
  vni: z.optional(z.int()),
  port: z.optional(z.int()),
})

const steps = z.array(z.object({ kind: z.string(), commands: z.array(z.string()) }))

const map = z.object({
  format,
  overlay: z.string(),
  underlay: z.string(),
  hosts: z.int(),
  addressesPerHost: z.int(),
  sliceLength: z.int(),
  addresses: z.array(
    z.object({
      address: z.string(),
      side: z.enum(['underlay', 'overlay']),
      host: z.string(),
      slice: z.string(),
      gateway: z.string(),
      pool,
    }),
  ),
  warnings,
  /** A line of the input that is wrong. The addresses before it are there. */
  error: z.optional(problem),
})

const up = z.object({ format, changed: z.boolean(), fan, steps, warnings })

const down = z.object({ format, changed: z.boolean(), bridge: z.string(), steps, warnings })

const show = z.object({
  format,
  fans: z.array(
    z.extend(fan, {
      state: z.enum(['up', 'drift']),
      /** Command lines that would mend it. */
      drift: z.array(z.string()),
      /** Links on the bridge that are not the fan's own. */
      containers: z.array(z.string()),
      /** Packets since the steering programs were loaded; null without root. */
      counters: z.nullable(
        z.object({
          sent: z.int(),
          delivered: z.int(),
          spoofed: z.int(),
          misdirected: z.int(),
          offMap: z.int(),
        }),
      ),
    }),
  ),
  warnings,
})

const leases = z.object({
  format,
  leases: z.array(
    z.object({
      bridge: z.string(),
      address: z.string(),
      mac: z.string(),
      hostname: z.nullable(z.string()),
      /** ISO 8601; null: never. */
      expires: z.nullable(z.string()),
    }),
  ),
  warnings,
})

const error = z.object({ error: problem })

/** By command; `plan` returns what `up` does. */
export const resultSchemas = { map, up, plan: up, down, show, leases, error }

export type FanView = z.infer<typeof fan>
export type UpView = z.infer<typeof up>
export type DownView = z.infer<typeof down>
export type ShowView = z.infer<typeof show>
export type LeasesView = z.infer<typeof leases>
export type MapRow = z.infer<typeof map>['addresses'][number]
