/** `fanctl show`: the fans of this host, and whether each is as it should be. */
import { parseRecords } from '../config/record.js'
import { describe } from '../core/describe.js'
import { type Fan, tunnelOf } from '../core/fan.js'
import type { Drops } from '../core/firewall/drops.js'
import { dropsOf } from '../core/firewall/table.js'
import { formatAddress } from '../core/ipv4.js'
import { plan } from '../core/plan.js'
import { addCounts, type Counts } from '../core/steering/counters.js'
import { linkOf, type Step } from '../core/step.js'
import { actualOf, goalOf, inOrder, portsOf, scopeOf } from './goal.js'
import type { Found, Host } from './host.js'

export interface ShownFan {
  readonly fan: Fan
  readonly mtu: number
  /** What would have to be done to make it as it should be, as command lines. Empty: it is up. */
  readonly drift: readonly string[]
  readonly containers: readonly string[]
  /** Undefined: only root may read them, or no program steers the fan. */
  readonly counts: Counts | undefined
  /** Undefined: only root may look at the firewall, or there is none. */
  readonly drops: Drops | undefined
}

/** Throws FILE_INVALID. Changes nothing and needs no root; without it firewall and counters are not looked at. */
export async function show(host: Host): Promise<ShownFan[]> {
  return showFound(host, await host.observe())
}

/** The same of a host that has been observed already. */
export function showFound(host: Host, found: Found): ShownFan[] {
  const fans = parseRecords(found.files, found.folder)
  const goal = goalOf(fans, found)
  const actual = actualOf(found, scopeOf(fans), fans)
  const steps = plan(goal, actual).filter((step) => host.privileged || step.kind !== 'set-firewall')
  return fans.map((fan) => ({
    fan,
    mtu: goal.links.find((link) => link.name === fan.bridge)?.mtu ?? 0,
    drift: [...lostAddress(fan, found), ...steps.filter((step) => concerns(step, fan, fans)).flatMap(describe)],
    containers: portsOf(fan, found),
    counts: host.privileged ? countsOf(host, fan, found) : undefined,
    drops: found.firewall && dropsOf(fan, inOrder(fans), found.firewall),
  }))
}

/** What this process may not look at, as warnings. */
export function unseenBy({ privileged, seesProcesses }: Pick<Host, 'privileged' | 'seesProcesses'>): string[] {
  return [
    ...(privileged ? [] : ['without root the firewall and the counters are not looked at']),
    ...(seesProcesses ? [] : ['/proc hides the processes of others (hidepid), so whether dnsmasq runs is not known']),
  ]
}

/** Without its address on the underlay a fan is cut off, though every part of it is in place. */
function lostAddress(fan: Fan, found: Found): string[] {
  if (found.addresses.some(({ prefix }) => prefix.address === fan.host)) return []
  return [
    `# ${formatAddress(fan.host)} is not an address of this host any more: bring the fan up with the one it has now`,
  ]
}

/** A step that is about no fan's link is about all fans. */
export function concerns(step: Step, fan: Fan, fans: readonly Fan[]): boolean {
  const link = linkOf(step)
  const has = (one: Fan) => link === one.bridge || link === tunnelOf(one)
  return has(fan) || !fans.some(has)
}

/** The programs of a fan have its overlay as their handle; the guard of a shared tunnel counts for all fans on it. */
export function countsOf(host: Host, fan: Fan, found: Found): Counts | undefined {
  if (fan.steering !== 'ebpf') return undefined
  const own = found.filters.filter(
    (filter) =>
      filter.link === tunnelOf(fan) && (filter.handle === fan.overlay.address || filter.name.startsWith('fan_guard_')),
  )
  const counts = own.flatMap((filter) => host.countersOf(filter) ?? [])
  return counts.length === own.length ? addCounts(counts) : undefined
}
