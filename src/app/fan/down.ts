/** `fanctl down`: what is left of the host without one of its fans. */
import type { FanChoice } from '../../config/request.js'
import type { Change } from '../../core/change.js'
import { FanError } from '../../core/errors.js'
import { defaultBridge, type Fan, hostTextOf } from '../../core/fan.js'
import { formatPrefix, type Prefix, samePrefix } from '../../core/ipv4.js'
import { tunnelName } from '../../core/names.js'
import type { Machine, Observation } from '../ports/machine.js'
import { actualOf, scopeOf } from './actual.js'
import { desiredFor, stepsTo } from './desired.js'
import { forwardingWarnings } from './host-before.js'
import { type BrokenFan, type Known, seenIn } from './known.js'
import { bridgesOf, isDisowned } from './marks.js'
import { type Job, perform, preview } from './perform.js'
import { portsOf } from './ports.js'
import { fansSeen } from './seen.js'
import { resolveUnderlay } from './underlay.js'

export interface DownResult {
  readonly bridge: string
  readonly steps: readonly Change[]
  readonly warnings: readonly string[]
}

interface Options {
  /** Cut containers off. */
  readonly force: boolean
}

/** What `down` would do. Throws every error that `down` would throw before its first step. */
export function planDown(machine: Machine, choice: FanChoice, options: Options): Promise<DownResult> {
  return preview(machine, jobFor(choice, options))
}

/**
 * Takes a fan down. Goes on after an error, so that as much as possible is gone, and reports all of them. A signal ends
 * the wait for the lock; what has begun is finished.
 * Throws NOT_ROOT, FAN_NOT_FOUND, FAN_IN_USE or TEARDOWN_INCOMPLETE.
 */
export function down(machine: Machine, choice: FanChoice, options: Options, signal?: AbortSignal): Promise<DownResult> {
  return perform(machine, jobFor(choice, options), signal)
}

function jobFor(choice: FanChoice, options: Options): Job<DownResult> {
  const prepareThis = (known: Known) => ({ result: prepare(choice, options, known) })
  return { action: 'take a fan down', do: 'tearDown', prepare: prepareThis }
}

function prepare(choice: FanChoice, { force }: Options, { found, fans, broken }: Known): DownResult {
  const target = choose(choice, fans, broken, found)
  const { bridge } = target
  const ports = portsOf(target, found)
  if (ports.length > 0 && !force) throw new FanError('FAN_IN_USE', { bridge, ports })
  const rest = fans.filter((other) => other.bridge !== bridge)
  const others = broken.filter((other) => other.bridge !== bridge)
  const all = [...fans, ...seenIn(broken)]
  const scope = scopeOf(all)
  const links = new Set([...scope.links, ...linksOf(target, found)])
  const overlays = [...scope.overlays, ...(target.overlay ? [target.overlay] : [])]
  const steps = stepsTo(desiredFor(rest, found, others), actualOf(found, { ...scope, links, overlays }, all), others)
  const warnings = rest.length + others.length === 0 ? forwardingWarnings(found) : []
  return { bridge, steps, warnings: [...warnings, ...leftWarnings(target, fans, broken, found)] }
}

/** What is known of a fan that is to go: of one whose record is broken or lost perhaps only the bridge. */
interface Target {
  readonly bridge: string
  readonly overlay?: Prefix
}

/** The fan that is meant. One whose record is lost is still known by the marks on its bridge. */
function choose(choice: FanChoice, fans: readonly Fan[], broken: readonly BrokenFan[], found: Observation): Target {
  const fan = fans.find((one) => matches(choice, one, found))
  if (fan) return fan
  const bridge = choice.bridge ?? (choice.overlay && defaultBridge(choice.overlay))
  const damaged = broken.find((one) => (one.seen && matches(choice, one.seen, found)) || one.bridge === bridge)
  if (damaged) return damaged.seen ?? { ...choice, bridge: damaged.bridge }
  const isKnown = (name: string | undefined) => fans.some((one) => one.bridge === name)
  const seen = fansSeen(found).find((one) => !isKnown(one.bridge) && matches(choice, one, found))
  if (seen) return seen
  const marked = found.links.find((link) => link.ours && link.kind === 'bridge' && link.name === bridge)
  if (marked && choice.overlay && !isKnown(bridge)) return { bridge: marked.name, overlay: choice.overlay }
  const asked = [choice.overlay && formatPrefix(choice.overlay), choice.bridge && `on ${choice.bridge}`]
  throw new FanError('FAN_NOT_FOUND', {
    fan: asked.filter((text) => text !== undefined).join(' '),
    fans: fans.map((one) => `${formatPrefix(one.overlay)} over ${hostTextOf(one)} on ${one.bridge}`),
  })
}

/** The names by which links of the fan may go: where its overlay is not known, those of its kind on its bridge. */
function linksOf({ bridge, overlay }: Target, found: Observation): string[] {
  const bridges = bridgesOf({ bridge }, found)
  const tunnel = overlay ? tunnelName(overlay) : bridge.replace(/^fan-/, 'ftun-')
  const tunnels = found.links.filter(({ bridge: on = '', strayOf }) => bridges.includes(on) || strayOf === tunnel)
  return [bridge, ...bridges, tunnel, ...tunnels.map(({ name }) => name)]
}

/** What stays although it was the fan's, and who may know of more. */
function leftWarnings(
  { bridge }: Target,
  fans: readonly Fan[],
  broken: readonly BrokenFan[],
  found: Observation,
): string[] {
  const known = [...fans, ...seenIn(broken)].filter((fan) => fan.bridge === bridge)
  const disowned = found.links.filter((link) => known.some((fan) => isDisowned(link, fan)))
  const newer = broken.filter((one) => one.bridge === bridge && one.problem.code === 'RECORD_NEWER')
  return [
    ...newer.map(({ problem }) => `${problem.message}; what only that version knows of may be left`),
    ...disowned.map(
      ({ name }) =>
        `${name} was not removed: it no longer counts as fanctl's, because its link group was changed; to remove it: ip link del ${name}`,
    ),
  ]
}

function matches(choice: FanChoice, fan: Fan, found: Observation): boolean {
  if (choice.overlay && !samePrefix(choice.overlay, fan.overlay)) return false
  if (choice.bridge !== undefined && choice.bridge !== fan.bridge) return false
  return choice.underlay === undefined || isUnderlayOf(fan, choice.underlay, found)
}

/** The address that a fan was made with may be gone by now, so it is compared as text was given, not looked up. */
function isUnderlayOf(fan: Fan, underlay: NonNullable<FanChoice['underlay']>, found: Observation): boolean {
  const prefix = underlay.kind === 'prefix' ? underlay.prefix : resolveUnderlay(underlay, found)
  const isNetwork = samePrefix(prefix, fan.underlay)
  return prefix.length === fan.underlay.length && (isNetwork || prefix.address === fan.host)
}
