/**
 * What the commands return with --json, as schemas: an object with `format: 1`, camelCase keys, addresses as text.
 * The types are taken from the schemas; the schemas themselves are for `schemas/` and the tests.
 */
import * as z from 'zod/mini'
import { stageNames, stageStates } from '../app/trace/stages.js'
import { fieldsSchema } from '../config/options/fields.js'
import { configSchemas } from './config.js'

const format = z.literal(1)
const warnings = z.array(z.string())
const pool = z.object({ first: z.string(), last: z.string() })

const problem = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.nullable(z.string()),
  exitCode: z.int(),
})

/** Every option as it is in force, and what follows from them. */
const fan = z.object({
  ...fieldsSchema(z),
  bridge: z.string(),
  overlay: z.string(),
  /** The host's address with the underlay's length. */
  underlay: z.string(),
  /** Why this steering and no other. */
  steeringReason: z.string(),
  tunnel: z.string(),
  slice: z.string(),
  gateway: z.string(),
  pool,
  mtu: z.int(),
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

/** `fan` is null where the request says `off`: nothing is looked at then. */
const up = z.object({ format, changed: z.boolean(), fan: z.nullable(fan), steps, warnings })

/** `up -a` and `plan -a`. */
const upAll = z.object({
  format,
  changed: z.boolean(),
  /** The path of the fan file. */
  file: z.string(),
  fans: z.array(z.object({ line: z.int(), changed: z.boolean(), fan, steps })),
  /** Lines that are off or not enabled. */
  left: z.array(z.object({ line: z.int(), text: z.string() })),
  /** `column` is null where the line is right and this host cannot do it. */
  failed: z.array(z.object({ line: z.int(), column: z.nullable(z.int()), error: problem })),
  warnings,
})

const down = z.object({ format, changed: z.boolean(), bridge: z.string(), steps, warnings })

/** `down -a`. */
const downAll = z.object({
  format,
  changed: z.boolean(),
  fans: z.array(z.object({ bridge: z.string(), changed: z.boolean(), steps })),
  failed: z.array(z.object({ bridge: z.string(), error: problem })),
  warnings,
})

/** `down -e`. */
const downEverything = z.object({ format, changed: z.boolean(), bridges: z.array(z.string()), steps, warnings })

const show = z.object({
  format,
  fans: z.array(
    z.extend(fan, {
      state: z.enum(['up', 'drift']),
      /** Command lines that would mend it. */
      drift: z.array(z.string()),
      /** Links on the bridge that are not the fan's own. */
      containers: z.array(z.string()),
      /** Addresses that DHCP has lent, and all that it has; null without DHCP, and where the leases cannot be read. */
      leases: z.nullable(z.object({ lent: z.int(), of: z.int() })),
      /** Packets since the steering programs were loaded; null without root, and where no program steers. */
      counters: z.nullable(
        z.object({
          sent: z.int(),
          delivered: z.int(),
          spoofed: z.int(),
          misdirected: z.int(),
          offMap: z.int(),
        }),
      ),
      /** Packets that the firewall has dropped since its table was written; null without root, and without a table. */
      drops: z.nullable(z.object({ forged: z.int(), martian: z.int(), dhcp: z.int(), excess: z.int() })),
    }),
  ),
  /** Fans whose records are of no use: what the kernel has of them is left as it is. */
  broken: z.array(
    z.object({
      bridge: z.string(),
      /** As far as the kernel tells; null: it does not. */
      overlay: z.nullable(z.string()),
      underlay: z.nullable(z.string()),
      links: z.array(z.string()),
      containers: z.array(z.string()),
      error: problem,
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

const traceStage = z.object({
  stage: z.enum(stageNames),
  state: z.enum(stageStates),
  text: z.string(),
  /** What that usually means, and what to do next. */
  hints: z.array(z.string()),
})

const trace = z.object({
  format,
  address: z.string(),
  side: z.enum(['overlay', 'underlay', 'outside']),
  /** What the address is within its slice; null for one that is not of an overlay. */
  role: z.nullable(z.enum(['network', 'gateway', 'reserved', 'container', 'broadcast'])),
  /** The underlay address of the host that owns it; null outside of every fan. */
  owner: z.nullable(z.string()),
  /** Whether that is this host. */
  isHere: z.boolean(),
  /** One for an address of an overlay; all over the same underlay for one of that. */
  fans: z.array(
    z.object({
      bridge: z.string(),
      overlay: z.string(),
      underlay: z.string(),
      type: z.enum(['ipip', 'vxlan']),
      slice: z.string(),
      gateway: z.string(),
    }),
  ),
  /** How packets leave this host on the underlay; null where they do not. */
  route: z.nullable(
    z.object({
      link: z.string(),
      via: z.nullable(z.string()),
      source: z.nullable(z.string()),
      mtu: z.nullable(z.int()),
    }),
  ),
  /** Who has an address on this host; null for other addresses. */
  container: z.nullable(
    z.object({
      port: z.nullable(z.string()),
      mac: z.nullable(z.string()),
      otherEnd: z.nullable(z.string()),
      lease: z.nullable(
        z.object({ mac: z.string(), hostname: z.nullable(z.string()), expires: z.nullable(z.string()) }),
      ),
    }),
  ),
  probes: z.array(
    z.object({
      to: z.string(),
      from: z.nullable(z.string()),
      /** Of a packet that must not be fragmented; null: a small one. */
      bytes: z.nullable(z.int()),
      result: z.enum(['answered', 'silent', 'refused', 'too-big', 'unsent', 'unable']),
      milliseconds: z.nullable(z.number()),
      /** Bytes that get through, where more do not. */
      largest: z.nullable(z.int()),
    }),
  ),
  stages: z.array(traceStage),
  /** Null: nobody was asked. */
  answers: z.nullable(z.boolean()),
  /** Null: nothing stops a packet, as far as can be seen from here. */
  stopsAt: z.nullable(z.enum(stageNames)),
  /** What exit status 0 means. */
  complete: z.boolean(),
  warnings,
})

/** One line of the monitor. */
const monitor = z.object({
  format,
  /** ISO 8601. */
  time: z.string(),
  level: z.enum(['info', 'warning', 'error']),
  event: z.enum(['started', 'repaired', 'failed', 'stranded', 'recovered', 'waiting', 'arrived', 'stopped']),
  /** null: about the whole host. */
  bridge: z.nullable(z.string()),
  /** What kind of thing was mended; null: none. */
  kind: z.nullable(z.string()),
  message: z.string(),
  /** The command lines that do what was done. */
  commands: z.array(z.string()),
})

const error = z.object({ error: problem })

/** By command; `plan` returns what `up` does, `monitor` a line for each event. */
export const resultSchemas = {
  map,
  up,
  plan: up,
  'up-all': upAll,
  down,
  'down-all': downAll,
  'down-everything': downEverything,
  show,
  leases,
  trace,
  monitor,
  ...configSchemas,
  error,
}

export type Problem = z.infer<typeof problem>
export type FanView = z.infer<typeof fan>
export type UpView = z.infer<typeof up>
export type UpAllView = z.infer<typeof upAll>
export type DownView = z.infer<typeof down>
export type DownAllView = z.infer<typeof downAll>
export type DownEverythingView = z.infer<typeof downEverything>
export type ShowView = z.infer<typeof show>
export type TraceView = z.infer<typeof trace>
export type LeasesView = z.infer<typeof leases>
export type MonitorLine = z.infer<typeof monitor>
export type MapRow = z.infer<typeof map>['addresses'][number]
