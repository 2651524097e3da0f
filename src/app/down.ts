/** `fanctl down`: what is left of the host without one of its fans. */
import { parseRecords } from '../config/record.js'
import type { FanChoice } from '../config/request.js'
import { FanError } from '../core/errors.js'
import { defaultBridge, type Fan, hostTextOf } from '../core/fan.js'
import { formatPrefix, samePrefix } from '../core/ipv4.js'
import { plan } from '../core/plan.js'
import type { Step } from '../core/step.js'
import { tearDown } from './apply.js'
import { actualOf, forwardingWarnings, goalOf, portsOf, scopeOf } from './goal.js'
import type { Found, Host } from './host.js'
import { locked } from './locked.js'
import { resolveUnderlay } from './underlay.js'

export interface DownResult {
  readonly bridge: string
  readonly steps: readonly Step[]
  readonly warnings: readonly string[]
}

interface Options {
  /** Cut containers off. */
  readonly force: boolean
}

/** What `down` would do. Throws every error that `down` would throw before its first step. */
export async function planDown(host: Host, choice: FanChoice, options: Options): Promise<DownResult> {
  if (!host.privileged) throw new FanError('NOT_ROOT', { action: "read this host's firewall" })
  return prepare(choice, options, await host.observe())
}

/**
 * Takes a fan down. Goes on after an error, so that as much as possible is gone, and reports all of them. A signal ends
 * the wait for the lock; what has begun is finished.
 * Throws NOT_ROOT, FAN_NOT_FOUND, FAN_IN_USE or TEARDOWN_INCOMPLETE.
 */
export async function down(
  host: Host,
  choice: FanChoice,
  options: Options,
  interrupted?: () => string | undefined,
): Promise<DownResult> {
  if (!host.privileged) throw new FanError('NOT_ROOT', { action: 'take a fan down' })
  const work = async () => {
    const result = prepare(choice, options, await host.observe())
    await tearDown(host, result.steps)
    return result
  }
  return await locked(host, work, interrupted)
}

function prepare(choice: FanChoice, { force }: Options, found: Found): DownResult {
  const fans = parseRecords(found.files, found.folder)
  const fan = choose(choice, fans, found)
  const ports = portsOf(fan, found)
  if (ports.length > 0 && !force) throw new FanError('FAN_IN_USE', { bridge: fan.bridge, ports })
  const rest = fans.filter((other) => other.bridge !== fan.bridge)
  const warnings = rest.length === 0 ? forwardingWarnings(found) : []
  const steps = plan(goalOf(rest, found), actualOf(found, scopeOf(fans, [fan]), fans))
  return { bridge: fan.bridge, steps, warnings }
}

/** The fan that is meant. One whose record is lost is still known by the mark on its bridge. */
function choose(choice: FanChoice, fans: readonly Fan[], found: Found): Pick<Fan, 'bridge' | 'overlay'> {
  const fan = fans.find((one) => matches(choice, one, found))
  if (fan) return fan
  const bridge = choice.bridge ?? (choice.overlay && defaultBridge(choice.overlay))
  const marked = found.links.find((link) => link.ours && link.kind === 'bridge' && link.name === bridge)
  const known = fans.some((one) => one.bridge === bridge)
  if (marked && choice.overlay && !known) return { bridge: marked.name, overlay: choice.overlay }
  const asked = [choice.overlay && formatPrefix(choice.overlay), choice.bridge && `on ${choice.bridge}`]
  throw new FanError('FAN_NOT_FOUND', {
    fan: asked.filter((text) => text !== undefined).join(' '),
    fans: fans.map((one) => `${formatPrefix(one.overlay)} over ${hostTextOf(one)} on ${one.bridge}`),
  })
}

function matches(choice: FanChoice, fan: Fan, found: Found): boolean {
  if (choice.overlay && !samePrefix(choice.overlay, fan.overlay)) return false
  if (choice.bridge !== undefined && choice.bridge !== fan.bridge) return false
  return choice.underlay === undefined || isUnderlayOf(fan, choice.underlay, found)
}

/** The address that a fan was made with may be gone by now, so it is compared as text was given, not looked up. */
function isUnderlayOf(fan: Fan, underlay: NonNullable<FanChoice['underlay']>, found: Found): boolean {
  const prefix = underlay.kind === 'prefix' ? underlay.prefix : resolveUnderlay(underlay, found)
  const isNetwork = samePrefix(prefix, fan.underlay)
  return prefix.length === fan.underlay.length && (isNetwork || prefix.address === fan.host)
}
