/** `fanctl up` and `fanctl plan`: one fan as asked for, the others as they are. */
import type { FanRequest } from '../../config/request.js'
import type { Change } from '../../core/change.js'
import { type Fan, typeOf } from '../../core/fan.js'
import { makeFan } from '../../core/make-fan.js'
import { mtuFor } from '../../core/mtu.js'
import { steeringOf } from '../../core/steerings/steerings.js'
import type { Machine, Observation } from '../ports/machine.js'
import { actualOf, scopeOf } from './actual.js'
import { checkConflicts } from './conflicts.js'
import { desiredFor, stepsTo, underlayMtuOf } from './desired.js'
import { letThrough } from './firewall-advice.js'
import { type Known, seenIn } from './known.js'
import { byMark } from './marks.js'
import { type Job, perform, preview, type Transition } from './perform.js'
import { chooseSteering } from './steering.js'
import { resolveUnderlay } from './underlay.js'

export interface UpResult {
  readonly fan: Fan
  readonly mtu: number
  readonly steps: readonly Change[]
  readonly warnings: readonly string[]
}

/** What `up` would do. Throws every error that `up` would throw before its first step. */
export function planUp(machine: Machine, request: FanRequest): Promise<UpResult> {
  return preview(machine, jobFor(machine, request))
}

/**
 * Brings a fan up, or changes it to what is asked for: all of it, or nothing. Afterwards the plan is empty.
 * Throws NOT_ROOT, what is wrong with the request, what stands in its way, or what failed on the way.
 */
export function up(machine: Machine, request: FanRequest, signal?: AbortSignal): Promise<UpResult> {
  return perform(machine, jobFor(machine, request), signal)
}

function jobFor(machine: Machine, request: FanRequest): Job<UpResult> {
  const prepareThis = (known: Known, observed: Observation) => prepare(machine, request, known, observed)
  return { action: 'bring a fan up', do: 'apply', prepare: prepareThis }
}

async function prepare(
  machine: Machine,
  request: FanRequest,
  known: Known,
  observed: Observation,
): Promise<{ result: UpResult; transition: Transition }> {
  const { fan, warnings } = await chooseSteering(machine, fanFrom(request, observed), request.steering, observed)
  const own = known.broken.find(({ bridge }) => bridge === fan.bridge)
  if (own?.problem.code === 'RECORD_NEWER') throw own.problem
  const broken = known.broken.filter((one) => one !== own)
  const fans = [...known.fans, ...seenIn(known.broken)]
  const found = byMark(known.found, [...fans, fan])
  checkConflicts(fan, fans, found)
  if (fan.nat && found.firewallProblem) throw found.firewallProblem
  mtuFor(typeOf(fan).overhead, underlayMtuOf(fan, found), fan.mtu)
  const next = [...known.fans.filter((other) => other.bridge !== fan.bridge), fan]
  const goal = desiredFor(next, found, broken)
  const steps = stepsTo(goal, actualOf(found, scopeOf([...fans, fan]), fans), broken)
  const mtu = goal.links.find((link) => link.name === fan.bridge)?.mtu ?? 0
  const others = [...warnings, ...uncheckedWarning(fan, fans), ...(await warningsFor(machine, fan, found))]
  return { result: { fan, mtu, steps, warnings: others }, transition: { found, fans, next, broken } }
}

/** Fills in what the request leaves to the host. Throws what is wrong with it. */
function fanFrom({ overlay, underlay, map, ...settings }: FanRequest, found: Observation) {
  return makeFan({ overlay, underlay, map }, settings, resolveUnderlay(underlay, found))
}

/** Said when a fan comes to be steered so, and not each time. */
function uncheckedWarning(fan: Fan, before: readonly Fan[]): string[] {
  if (steeringOf(fan).checks) return []
  if (before.some((one) => one.bridge === fan.bridge && steeringOf(one) === steeringOf(fan))) return []
  return [
    `with ${fan.steering} steering, nothing verifies packets that leave the tunnel: any machine that can reach this host can spoof their inner source address`,
  ]
}

/** What does not stop a fan from coming up, and may stop its traffic or its protection. */
async function warningsFor(machine: Machine, fan: Fan, found: Observation): Promise<string[]> {
  if (!machine.privileged) return []
  if (found.firewallProblem)
    return [
      `nothing drops packets with forged overlay sources that arrive from the underlay outside the tunnel: ${found.firewallProblem.message}`,
    ]
  return (await machine.droppingChains()).map(
    (chain) =>
      `the chain "${chain}" drops forwarded packets by default; if containers cannot reach the outside, allow the fan: ${letThrough(chain, fan)}`,
  )
}
