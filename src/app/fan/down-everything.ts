/**
 * `fanctl down --everything`: every fan of this host, and what is left of fans whose records are lost or damaged. What
 * is fanctl's the kernel says: links with our mark, the table `inet fanctl`, and each dnsmasq that runs with a file of
 * our runtime folder.
 */
import { readRecords } from '../../config/record.js'
import type { Change } from '../../core/change.js'
import { FanError } from '../../core/errors.js'
import { plan } from '../../core/plan.js'
import type { FoundLink, Machine, Observation } from '../ports/machine.js'
import { actualOf } from './actual.js'
import { tearDown } from './apply.js'
import { desiredFor } from './desired.js'
import { forwardingWarnings } from './host-before.js'
import { locked } from './locked.js'

export interface EverythingResult {
  readonly bridges: readonly string[]
  readonly steps: readonly Change[]
  readonly warnings: readonly string[]
}

interface Options {
  /** Cut containers off. */
  readonly force: boolean
}

/** What `downEverything` would do. Throws every error that it would throw before its first step. */
export async function planEverything(machine: Machine, options: Options): Promise<EverythingResult> {
  if (!machine.privileged) throw new FanError('NOT_ROOT', { action: "read this host's firewall" })
  return prepare(options, await machine.observe())
}

/**
 * Takes everything down. Goes on after an error, and reports all of them. A signal ends the wait for the lock; what has
 * begun is finished. Throws NOT_ROOT, FAN_IN_USE or TEARDOWN_INCOMPLETE.
 */
export async function downEverything(
  machine: Machine,
  options: Options,
  interrupted?: () => string | undefined,
): Promise<EverythingResult> {
  if (!machine.privileged) throw new FanError('NOT_ROOT', { action: 'take fans down' })
  const work = async () => {
    const result = prepare(options, await machine.observe())
    await tearDown(machine, result.steps)
    return result
  }
  return await locked(machine, work, interrupted)
}

function prepare({ force }: Options, found: Observation): EverythingResult {
  const bridges = found.links.filter((link) => link.ours && link.kind === 'bridge').map(({ name }) => name)
  const inUse = bridges.filter((bridge) => portsOn(bridge, found).length > 0)
  if (inUse.length > 0 && !force)
    throw new FanError('FAN_IN_USE', {
      bridge: inUse.join(', '),
      ports: inUse.flatMap((bridge) => portsOn(bridge, found)),
    })
  const names = new Set([...found.links.map(nameOf), ...found.dhcpServers.map(({ bridge }) => bridge)])
  const actual = actualOf(found, { links: names, overlays: [], addresses: [] }, [])
  const steps = plan(desiredFor([], found), actual)
  const warnings = steps.length > 0 ? forwardingWarnings(found) : []
  return { bridges: [...new Set([...bridges, ...recorded(found)])].sort(), steps, warnings }
}

const nameOf = ({ name }: Pick<FoundLink, 'name'>) => name

/** Links on a bridge that fanctl did not make. */
function portsOn(bridge: string, found: Observation): string[] {
  return found.links.filter((link) => link.bridge === bridge && !link.ours).map(nameOf)
}

/** Fans of which only the record is left, damaged or not. */
function recorded(found: Observation): string[] {
  const { fans, broken } = readRecords(found.files, found.unreadable, found.folder)
  return [...fans, ...broken].map(({ bridge }) => bridge)
}
