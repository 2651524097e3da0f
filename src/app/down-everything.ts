/**
 * `fanctl down --everything`: every fan of this host, and what is left of fans whose records are lost or damaged. What
 * is fanctl's the kernel says: links with our mark, the table `inet fanctl`, and each dnsmasq that runs with a file of
 * our runtime folder.
 */
import { readRecords } from '../config/record.js'
import { FanError } from '../core/errors.js'
import { plan } from '../core/plan.js'
import type { Step } from '../core/step.js'
import { tearDown } from './apply.js'
import { actualOf, goalOf } from './goal.js'
import type { Found, FoundLink, Host } from './host.js'
import { forwardingWarnings } from './host-before.js'
import { locked } from './locked.js'

export interface EverythingResult {
  readonly bridges: readonly string[]
  readonly steps: readonly Step[]
  readonly warnings: readonly string[]
}

interface Options {
  /** Cut containers off. */
  readonly force: boolean
}

/** What `downEverything` would do. Throws every error that it would throw before its first step. */
export async function planEverything(host: Host, options: Options): Promise<EverythingResult> {
  if (!host.privileged) throw new FanError('NOT_ROOT', { action: "read this host's firewall" })
  return prepare(options, await host.observe())
}

/**
 * Takes everything down. Goes on after an error, and reports all of them. A signal ends the wait for the lock; what has
 * begun is finished. Throws NOT_ROOT, FAN_IN_USE or TEARDOWN_INCOMPLETE.
 */
export async function downEverything(
  host: Host,
  options: Options,
  interrupted?: () => string | undefined,
): Promise<EverythingResult> {
  if (!host.privileged) throw new FanError('NOT_ROOT', { action: 'take fans down' })
  const work = async () => {
    const result = prepare(options, await host.observe())
    await tearDown(host, result.steps)
    return result
  }
  return await locked(host, work, interrupted)
}

function prepare({ force }: Options, found: Found): EverythingResult {
  const bridges = found.links.filter((link) => link.ours && link.kind === 'bridge').map(({ name }) => name)
  const inUse = bridges.filter((bridge) => portsOn(bridge, found).length > 0)
  if (inUse.length > 0 && !force)
    throw new FanError('FAN_IN_USE', {
      bridge: inUse.join(', '),
      ports: inUse.flatMap((bridge) => portsOn(bridge, found)),
    })
  const names = new Set([...found.links.map(nameOf), ...found.dhcpServers.map(({ bridge }) => bridge)])
  const actual = actualOf(found, { links: names, overlays: [], addresses: [] }, [])
  const steps = plan(goalOf([], found), actual)
  const warnings = steps.length > 0 ? forwardingWarnings(found) : []
  return { bridges: [...new Set([...bridges, ...recorded(found)])].sort(), steps, warnings }
}

const nameOf = ({ name }: Pick<FoundLink, 'name'>) => name

/** Links on a bridge that fanctl did not make. */
function portsOn(bridge: string, found: Found): string[] {
  return found.links.filter((link) => link.master === bridge && !link.ours).map(nameOf)
}

/** Fans of which only the record is left, damaged or not. */
function recorded(found: Found): string[] {
  const { fans, broken } = readRecords(found.files, found.unreadable, found.folder)
  return [...fans, ...broken].map(({ bridge }) => bridge)
}
