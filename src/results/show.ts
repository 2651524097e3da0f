/** `show`. */
import * as z from 'zod/mini'
import type { Shown } from '../app/fan/show.js'
import { hostTextOf } from '../core/fan.js'
import { dropReasons } from '../core/firewall/drops.js'
import { formatPrefix } from '../core/ipv4.js'
import { counters } from '../core/steering/counters.js'
import { fan, format, problem, viewFan, viewProblem, warnings } from './parts.js'

/** A number of packets for each of some names. */
function packetsBy<Name extends string>(names: readonly Name[]) {
  return z.object(Object.fromEntries(names.map((name) => [name, z.int()])) as Record<Name, ReturnType<typeof z.int>>)
}

const shownFan = () =>
  z.extend(fan(), {
    state: z.enum(['up', 'drift']),
    /** Command lines that would mend it. */
    drift: z.array(z.string()),
    /** Links on the bridge that are not the fan's own. */
    containers: z.array(z.string()),
    /** Addresses that DHCP has lent, and all that it has; null without DHCP, and where the leases cannot be read. */
    leases: z.nullable(z.object({ lent: z.int(), of: z.int() })),
    /** Packets since the steering programs were loaded; null without root, and where no program steers. */
    counters: z.nullable(packetsBy(counters)),
    /** Packets that the firewall has dropped since its table was written; null without root, and without a table. */
    drops: z.nullable(packetsBy(dropReasons)),
  })

export const showSchema = () =>
  z.object({
    format: format(),
    fans: z.array(shownFan()),
    /** Fans whose records are of no use: what the kernel has of them is left as it is. */
    broken: z.array(
      z.object({
        bridge: z.string(),
        /** As far as the kernel tells; null: it does not. */
        overlay: z.nullable(z.string()),
        underlay: z.nullable(z.string()),
        links: z.array(z.string()),
        containers: z.array(z.string()),
        error: problem(),
      }),
    ),
    warnings: warnings(),
  })
export type ShowView = z.infer<ReturnType<typeof showSchema>>

/** `warnings` are about what was not looked at. */
export function viewShow({ fans, broken }: Shown, warnings: readonly string[]): ShowView {
  return {
    format: 1,
    fans: fans.map(({ fan, mtu, drift, containers, leases, counts, drops }) => ({
      ...viewFan(fan, mtu),
      state: drift.length === 0 ? 'up' : 'drift',
      drift: [...drift],
      containers: [...containers],
      leases: leases ?? null,
      counters: counts ?? null,
      drops: drops ?? null,
    })),
    broken: broken.map(({ bridge, seen, links, containers, problem }) => ({
      bridge,
      overlay: seen ? formatPrefix(seen.overlay) : null,
      underlay: seen ? hostTextOf(seen) : null,
      links: [...links],
      containers: [...containers],
      error: viewProblem(problem),
    })),
    warnings: [...warnings],
  }
}
