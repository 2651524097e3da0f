/** The desired state of a host with some fans, and the steps to it. */
import { beforeFile } from '../../config/before.js'
import { formatRecord, recordName } from '../../config/record.js'
import type { Change } from '../../core/change.js'
import { desiredState, type HostFacts } from '../../core/desired.js'
import { type Fan, ownLinksOf, typeOf } from '../../core/fan.js'
import { cardIn } from '../../core/firewall/tunnel-rules.js'
import { plan } from '../../core/plan.js'
import type { State } from '../../core/state.js'
import type { Observation } from '../ports/machine.js'
import { newerBefore, noteOf, toPutBack } from './host-before.js'
import { type BrokenFan, seenIn } from './known.js'

/**
 * What a host should be like with exactly these fans. None of them: what it was like before the first. What `broken` ones
 * share with others stays, and their records, too.
 */
export function desiredFor(fans: readonly Fan[], found: Observation, broken: readonly BrokenFan[] = []): State {
  const all = inOrder([...fans, ...seenIn(broken)])
  const desired = desiredState(all, factsOf(all, found))
  if (fans.length + broken.length === 0) return { ...desired, sysctls: toPutBack(found), files: newerBefore(found) }
  const kept = broken.map(({ file }) => [file, found.files[file] ?? ''])
  const records = fans.map((fan) => [recordName(fan.bridge), formatRecord(fan)])
  const before = { [beforeFile]: noteOf(desired.sysctls, found) }
  return { ...desired, files: { ...before, ...Object.fromEntries([...kept, ...records]) } }
}

/**
 * The steps to a goal, but for those on what broken fans have for themselves: nobody knows how that should be.
 */
export function stepsTo(goal: State, actual: State, broken: readonly BrokenFan[]): Change[] {
  const spared = new Set(broken.flatMap(({ bridge, seen }) => [bridge, ...(seen ? ownLinksOf(seen) : [])]))
  return plan(goal, actual).filter(({ link = '' }) => !spared.has(link))
}

/** The firewall's rules are compared in order, and an order must not depend on which fan came first. */
export function inOrder(fans: readonly Fan[]): Fan[] {
  return [...fans].sort((a, b) => (a.bridge < b.bridge ? -1 : 1))
}

export function factsOf(fans: readonly Fan[], found: Observation): HostFacts {
  return {
    ipv6: found.ipv6,
    firewall: found.firewallProblem === undefined,
    underlayMtus: Object.fromEntries(fans.map((fan) => [fan.host, underlayMtuOf(fan, found)])),
    cards: Object.fromEntries(fans.flatMap((fan) => cardsOf(fan, found))),
  }
}

/** A fan whose underlay address is gone keeps the link that its table names. */
function cardsOf(fan: Fan, found: Observation): [host: number, card: string][] {
  const link = found.addresses.find(({ prefix }) => prefix.address === fan.host)?.link
  const card = link ?? cardIn(found.firewall?.text ?? '', fan)
  // The name becomes part of a rule.
  return card !== undefined && /^[\w.:@-]+$/.test(card) ? [[fan.host, card]] : []
}

/** In bytes. A fan whose underlay address is gone keeps the MTU that it has. */
export function underlayMtuOf(fan: Fan, found: Observation): number {
  const link = found.addresses.find((address) => address.prefix.address === fan.host)?.link
  const mtu = found.links.find(({ name }) => name === link)?.mtu
  const { overhead } = typeOf(fan)
  const current = found.links.find(({ name }) => name === fan.bridge)?.mtu ?? 1500 - overhead
  return mtu ?? current + overhead
}
