/** `fanctl show`: the fans of this host, and whether each is as it should be. */
import type { Change } from '../../core/change.js'
import { FanError } from '../../core/errors.js'
import { type Fan, linksOf, ownLinksOf, poolSizeOf, tunnelOf } from '../../core/fan.js'
import type { Drops } from '../../core/firewall/drops.js'
import { dropsOf } from '../../core/firewall/table.js'
import { formatAddress } from '../../core/ipv4.js'
import { describe } from '../../core/objects/objects.js'
import { addCounts, type Counts } from '../../core/steering/counters.js'
import { belongsTo, isGuard, isOurs } from '../../core/steering/filters.js'
import { steeringOf } from '../../core/steerings/steerings.js'
import type { Machine, Observation } from '../ports/machine.js'
import { actualOf, scopeOf } from './actual.js'
import { checkNames } from './conflicts.js'
import { desiredFor, inOrder, stepsTo } from './desired.js'
import { type BrokenFan, knowFans, seenIn } from './known.js'
import { portsOf } from './ports.js'

export interface ShownFan {
  readonly fan: Fan
  readonly mtu: number
  /** What would have to be done to make it as it should be, as command lines. Empty: it is up. */
  readonly drift: readonly string[]
  readonly containers: readonly string[]
  /** Addresses that DHCP has lent, and all that it has. Undefined: it has no DHCP, or nobody can tell. */
  readonly leases: { readonly lent: number; readonly of: number } | undefined
  /** Undefined: only root may read them, or no program steers the fan. */
  readonly counts: Counts | undefined
  /** Undefined: only root may look at the firewall, or there is none. */
  readonly drops: Drops | undefined
}

export interface Shown {
  readonly fans: readonly ShownFan[]
  readonly broken: readonly ShownBroken[]
}

/** A fan that nobody knows how it should be, for its record is of no use. */
export interface ShownBroken extends BrokenFan {
  /** The links that it has. */
  readonly links: readonly string[]
  readonly containers: readonly string[]
}

/** Changes nothing and needs no root; without it firewall and counters are not looked at. */
export async function show(machine: Machine): Promise<Shown> {
  return showFound(machine, await machine.observe())
}

/** The same of a host that has been observed already. */
export function showFound(machine: Machine, observed: Observation): Shown {
  const { found, fans, broken } = knowFans(observed)
  const goal = desiredFor(fans, found, broken)
  const all = [...fans, ...seenIn(broken)]
  const actual = actualOf(found, scopeOf(all), all)
  const steps = stepsTo(goal, actual, broken).filter((step) => machine.privileged || step.object !== 'firewall')
  const lent = machine.leases()
  return {
    fans: fans.map((fan) => ({
      fan,
      mtu: goal.links.find((link) => link.name === fan.bridge)?.mtu ?? 0,
      drift: conflict(fan, found) ?? [
        ...lostAddress(fan, found),
        ...steps.filter((step) => concerns(step, fan, fans)).flatMap(describe),
      ],
      containers: portsOf(fan, found),
      leases: fan.dhcp ? leasesOf(fan, lent[fan.bridge]) : undefined,
      counts: machine.privileged ? countsOf(machine, fan, found) : undefined,
      drops: found.firewall && dropsOf(fan, inOrder(all), found.firewall),
    })),
    broken: broken.map((one) => ({ ...one, links: linksThere(one, found), containers: portsOf(one, found) })),
  }
}

function leasesOf(fan: Fan, lent: number | undefined): ShownFan['leases'] {
  return lent === undefined ? undefined : { lent, of: poolSizeOf(fan) }
}

function linksThere({ bridge, seen }: BrokenFan, { links }: Observation): string[] {
  const own = seen ? ownLinksOf(seen) : [bridge]
  return links.filter(({ ours, name }) => ours && own.includes(name)).map(({ name }) => name)
}

/** What keeps all steps from being done; undefined: nothing. */
function conflict(fan: Fan, found: Observation): string[] | undefined {
  try {
    checkNames(linksOf(fan), found, [fan])
    return undefined
  } catch (error) {
    if (!(error instanceof FanError)) throw error
    return [`# ${[error.message, error.hint].join('; ')}`]
  }
}

/** What this process may not look at, as warnings. */
export function unseenBy({ privileged, seesProcesses }: Pick<Machine, 'privileged' | 'seesProcesses'>): string[] {
  return [
    ...(privileged ? [] : ['not running as root: firewall and counters were not checked']),
    ...(seesProcesses ? [] : ["/proc hides other users' processes (hidepid): whether dnsmasq runs was not checked"]),
  ]
}

/** Without its address on the underlay a fan is cut off, though every part of it is in place. */
function lostAddress(fan: Fan, found: Observation): string[] {
  if (found.addresses.some(({ prefix }) => prefix.address === fan.host)) return []
  return [`# ${formatAddress(fan.host)} is no longer an address of this host: run "fanctl up" with its current one`]
}

/** A change that is about no fan's link is about all fans. */
export function concerns({ link }: Change, fan: Fan, fans: readonly Fan[]): boolean {
  const has = (one: Fan) => link !== undefined && linksOf(one).includes(link)
  return has(fan) || !fans.some(has)
}

/** The programs of a fan have its overlay as their handle; the guard of a shared tunnel counts for all fans on it. */
export function countsOf(machine: Machine, fan: Fan, found: Observation): Counts | undefined {
  if (!steeringOf(fan).checks) return undefined
  const own = found.filters.filter(
    (filter) => (isOurs(filter) && belongsTo(filter, fan)) || (isGuard(filter) && filter.link === tunnelOf(fan)),
  )
  const counts = own.flatMap((filter) => machine.countersOf(filter) ?? [])
  return counts.length === own.length ? addCounts(counts) : undefined
}
