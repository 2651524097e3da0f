/** `fanctl up` and `fanctl plan`: one fan as asked for, the others as they are. */
import type { FanRequest } from '../../config/request.js'
import { describe } from '../../core/describe.js'
import { FanError } from '../../core/errors.js'
import { checkHost, defaultBridge, type Fan, tunnelOf } from '../../core/fan.js'
import { fanMap, poolOf, sliceOf } from '../../core/fan-map.js'
import { mtuFor } from '../../core/mtu.js'
import { checkBridgeName } from '../../core/names.js'
import type { Step } from '../../core/step.js'
import type { Machine, Observation } from '../ports/machine.js'
import { actualOf, scopeOf } from './actual.js'
import { apply } from './apply.js'
import { checkConflicts } from './conflicts.js'
import { desiredFor, stepsTo, underlayMtuOf } from './desired.js'
import { knowFans, seenIn } from './known.js'
import { locked } from './locked.js'
import { byMark } from './marks.js'
import { chooseSteering } from './steering.js'
import { resolveUnderlay } from './underlay.js'

export interface UpResult {
  readonly fan: Fan
  readonly mtu: number
  readonly steps: readonly Step[]
  readonly warnings: readonly string[]
}

/** What `up` would do. Throws every error that `up` would throw before its first step. */
export async function planUp(machine: Machine, request: FanRequest): Promise<UpResult> {
  if (!machine.privileged) throw new FanError('NOT_ROOT', { action: "read this host's firewall" })
  const { result } = await prepare(machine, request, await machine.observe())
  return result
}

/**
 * Brings a fan up, or changes it to what is asked for: all of it, or nothing. Afterwards the plan is empty.
 * Throws NOT_ROOT, what is wrong with the request, what stands in its way, or what failed on the way.
 */
export async function up(
  machine: Machine,
  request: FanRequest,
  interrupted?: () => string | undefined,
): Promise<UpResult> {
  if (!machine.privileged) throw new FanError('NOT_ROOT', { action: 'bring a fan up' })
  return await locked(machine, () => upLocked(machine, request, interrupted), interrupted)
}

async function upLocked(
  machine: Machine,
  request: FanRequest,
  interrupted?: () => string | undefined,
): Promise<UpResult> {
  const { result, found, fans, next, broken } = await prepare(machine, request, await machine.observe())
  const all = [...fans, ...next]
  const scope = scopeOf(all)
  const observe = async () => actualOf(byMark(await machine.observe(), all), scope, all)
  const before = actualOf(found, scope, fans)
  await apply(machine, { steps: result.steps, before, observe, ...(interrupted && { interrupted }) })
  const left = result.steps.length > 0 ? stepsTo(desiredFor(next, found, broken), await observe(), broken) : []
  if (left.length > 0) throw new FanError('NOT_CONVERGED', { steps: left.flatMap(describe) })
  return result
}

async function prepare(machine: Machine, request: FanRequest, observed: Observation) {
  const known = knowFans(observed)
  const { fan, warnings } = await chooseSteering(machine, fanFrom(request, observed), request.steering, observed)
  const own = known.broken.find(({ bridge }) => bridge === fan.bridge)
  if (own?.problem.code === 'RECORD_NEWER') throw own.problem
  const broken = known.broken.filter((one) => one !== own)
  const fans = [...known.fans, ...seenIn(known.broken)]
  const found = byMark(known.found, [...fans, fan])
  checkConflicts(fan, fans, found)
  if (fan.nat && found.firewallProblem) throw found.firewallProblem
  mtuFor(fan.encapsulation, underlayMtuOf(fan, found), fan.mtu)
  const next = [...known.fans.filter((other) => other.bridge !== fan.bridge), fan]
  const goal = desiredFor(next, found, broken)
  const steps = stepsTo(goal, actualOf(found, scopeOf([...fans, fan]), fans), broken)
  const mtu = goal.links.find((link) => link.name === fan.bridge)?.mtu ?? 0
  const others = [...warnings, ...uncheckedWarning(fan, fans), ...(await warningsFor(machine, fan, found))]
  return { result: { fan, mtu, steps, warnings: others }, found, fans, next, broken }
}

/** Fills in what the request leaves to the host. Throws what is wrong with it. */
function fanFrom(request: FanRequest, found: Observation): Omit<Fan, 'steering' | 'steeringReason'> {
  // The arithmetic first: it is wrong on every host, whatever its addresses are.
  if (request.underlay.kind === 'prefix') fanMap(request.overlay, request.underlay.prefix)
  const host = resolveUnderlay(request.underlay, found)
  const map = fanMap(request.overlay, host)
  checkHost(map, host.address)
  const { underlay: asked, encapsulation, dhcp, nat, hostReserve, enable, mtu, vni, port } = request
  const fan = {
    ...map,
    host: host.address,
    asked,
    enable,
    bridge: checkBridgeName(request.bridge ?? defaultBridge(request.overlay)),
    encapsulation,
    dhcp,
    nat,
    hostReserve,
    ...(mtu !== undefined && { mtu }),
    ...(vni !== undefined && { vni }),
    ...(port !== undefined && { port }),
  }
  poolOf(sliceOf(map, host.address), hostReserve)
  return fan
}

/** Said when a fan comes to be steered so, and not each time. */
function uncheckedWarning(fan: Fan, before: readonly Fan[]): string[] {
  if (fan.steering === 'ebpf') return []
  if (before.some(({ bridge, steering }) => bridge === fan.bridge && steering === fan.steering)) return []
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
      `the chain "${chain}" drops forwarded packets by default; if containers cannot reach the outside, allow the fan: ${helpFor(chain, fan)}`,
  )
}

function helpFor(chain: string, fan: Fan): string {
  const links = [fan.bridge, tunnelOf(fan)]
  if (/ufw/.test(chain)) return `ufw route allow in on ${fan.bridge} && ufw route allow out on ${fan.bridge}`
  if (chain === 'ip filter FORWARD')
    return links
      .map((link) => `iptables -I FORWARD -i ${link} -j ACCEPT && iptables -I FORWARD -o ${link} -j ACCEPT`)
      .join(' && ')
  // Through netlink a chain can have a name that is several commands to nft.
  if (!/^[\w ./-]+$/.test(chain)) return 'see: nft list ruleset'
  return `nft insert rule ${chain} iifname ${fan.bridge} accept && nft insert rule ${chain} oifname ${fan.bridge} accept`
}
