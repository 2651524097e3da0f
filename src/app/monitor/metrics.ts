/** What node_exporter's textfile collector reads, in the text format of Prometheus. */
import { type Fan, hostTextOf, linksOf, poolSizeOf } from '../../core/fan.js'
import { type Drops, dropReasons } from '../../core/firewall/drops.js'
import { formatPrefix } from '../../core/ipv4.js'
import { type Counts, counters } from '../../core/steering/counters.js'

/** A fan as a look found it. */
export interface Measured {
  readonly fan: Fan
  /** Steps that would be needed to make it as it should be. */
  readonly drift: number
  /** Whether this host is without its underlay address. */
  readonly isStranded: boolean
  /** The links of a fan that are there and up. */
  readonly linksUp: readonly string[]
  readonly containers: number
  readonly leases: number
  /** Undefined: not readable. */
  readonly counts: Counts | undefined
  /** Undefined: there is no firewall. */
  readonly drops: Drops | undefined
}

/** How often something was mended, or could not be, since the monitor has started. */
export interface Tally {
  readonly bridge: string
  readonly kind: string
  readonly result: 'repaired' | 'failed'
  readonly count: number
}

type Labels = Readonly<Record<string, string>>
type Sample = readonly [labels: Labels, value: number]

/** The whole file. `broken` are the bridges of fans whose records are of no use. `seconds` is the time of the look since 1970. */
export function formatMetrics(
  fans: readonly Measured[],
  broken: readonly string[],
  tallies: readonly Tally[],
  seconds: number,
): string {
  const each = (value: (one: Measured) => number): Sample[] =>
    fans.map((one) => [{ bridge: one.fan.bridge }, value(one)])
  return [
    metric(
      'fanctl_fan_info',
      'gauge',
      'The fans of this host; the value is always 1.',
      fans.map(({ fan }) => [infoOf(fan), 1]),
    ),
    metric('fanctl_fan_up', 'gauge', 'Whether a fan is complete and this host has its underlay address.', each(isUp)),
    metric(
      'fanctl_fan_broken',
      'gauge',
      'Fans that are not watched because their records are unusable.',
      broken.map((bridge) => [{ bridge }, 1]),
    ),
    metric(
      'fanctl_fan_drift_steps',
      'gauge',
      'Steps that are needed to repair a fan.',
      each((one) => one.drift),
    ),
    metric('fanctl_link_up', 'gauge', 'Whether a link of a fan exists and is up.', fans.flatMap(linkSamples)),
    metric(
      'fanctl_containers',
      'gauge',
      'Container links on the bridge of a fan.',
      each((one) => one.containers),
    ),
    metric(
      'fanctl_leases',
      'gauge',
      'Addresses that DHCP has leased.',
      each((one) => one.leases),
    ),
    metric(
      'fanctl_pool_addresses',
      'gauge',
      'Addresses in the DHCP pool, leased or free.',
      each(({ fan }) => (fan.dhcp ? poolSizeOf(fan) : 0)),
    ),
    metric(
      'fanctl_packets_total',
      'counter',
      'Packets counted by the steering programs since they were loaded.',
      fans.flatMap(packetSamples),
    ),
    metric(
      'fanctl_firewall_drops_total',
      'counter',
      'Packets dropped by the firewall since its table was written.',
      fans.flatMap(dropSamples),
    ),
    metric(
      'fanctl_repairs_total',
      'counter',
      'Repairs that the monitor has made, or failed to make, since it started.',
      tallies.map(({ count, ...labels }) => [labels, count]),
    ),
    metric('fanctl_look_timestamp_seconds', 'gauge', 'Time of the last check by the monitor.', [[{}, seconds]]),
  ].join('')
}

function isUp({ drift, isStranded }: Measured): number {
  return drift === 0 && !isStranded ? 1 : 0
}

function infoOf(fan: Fan): Labels {
  const { bridge, encapsulation: type, steering } = fan
  return { bridge, overlay: formatPrefix(fan.overlay), underlay: hostTextOf(fan), type, steering }
}

function linkSamples({ fan, linksUp }: Measured): Sample[] {
  return linksOf(fan).map((link) => [{ bridge: fan.bridge, link }, linksUp.includes(link) ? 1 : 0])
}

function packetSamples({ fan, counts }: Measured): Sample[] {
  if (!counts) return []
  return counters.map((counter) => [{ bridge: fan.bridge, result: snakeCase(counter) }, counts[counter]])
}

function dropSamples({ fan, drops }: Measured): Sample[] {
  return drops ? dropReasons.map((reason) => [{ bridge: fan.bridge, reason }, drops[reason]]) : []
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function metric(name: string, type: 'gauge' | 'counter', help: string, samples: readonly Sample[]): string {
  const lines = samples.map(([labels, value]) => `${name}${formatLabels(labels)} ${value}\n`)
  return [`# HELP ${name} ${help}\n`, `# TYPE ${name} ${type}\n`, ...lines].join('')
}

/** In a value, backslashes, quotes and line breaks are escaped (the exposition format, version 0.0.4). */
function formatLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`,
  )
  return pairs.length > 0 ? `{${pairs.join(',')}}` : ''
}
