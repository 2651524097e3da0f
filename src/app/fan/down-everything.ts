/**
 * `fanctl down --everything`: every fan of this host, and what is left of fans whose records are lost or damaged. What
 * is fanctl's the kernel says: links with our mark, the table `inet fanctl`, and each dnsmasq that runs with a file of
 * our runtime folder.
 */
import type { Change } from '../../core/change.js'
import { FanError } from '../../core/errors.js'
import { plan } from '../../core/plan.js'
import type { FoundLink, Machine, Observation } from '../ports/machine.js'
import { actualOf } from './actual.js'
import { desiredFor } from './desired.js'
import { forwardingWarnings } from './host-before.js'
import type { Known } from './known.js'
import { type Job, perform, preview } from './perform.js'

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
export function planEverything(machine: Machine, options: Options): Promise<EverythingResult> {
  return preview(machine, jobFor(options))
}

/**
 * Takes everything down. Goes on after an error, and reports all of them. A signal ends the wait for the lock; what has
 * begun is finished. Throws NOT_ROOT, FAN_IN_USE or TEARDOWN_INCOMPLETE.
 */
export function downEverything(machine: Machine, options: Options, signal?: AbortSignal): Promise<EverythingResult> {
  return perform(machine, jobFor(options), signal)
}

function jobFor(options: Options): Job<EverythingResult> {
  const prepareThis = (known: Known, observed: Observation) => ({ result: prepare(options, known, observed) })
  return { action: 'take fans down', do: 'tearDown', prepare: prepareThis }
}

/** Names say nothing here: what is ours goes by the one that it has now. */
function prepare({ force }: Options, { fans, broken }: Known, found: Observation): EverythingResult {
  const bridges = found.links.filter((link) => link.ours && link.kind === 'bridge').map(({ name }) => name)
  const inUse = bridges.filter((bridge) => portsOn(bridge, found).length > 0)
  if (inUse.length > 0 && !force)
    throw new FanError('FAN_IN_USE', {
      bridge: inUse.join(', '),
      ports: inUse.flatMap((bridge) => portsOn(bridge, found)),
    })
  // Of some only the record is left, damaged or not.
  const recorded = [...fans, ...broken].map(({ bridge }) => bridge)
  const names = new Set([...found.links.map(nameOf), ...found.dhcpServers.map(({ bridge }) => bridge)])
  const actual = actualOf(found, { links: names, overlays: [], addresses: [] }, [])
  const steps = plan(desiredFor([], found), actual)
  const warnings = steps.length > 0 ? forwardingWarnings(found) : []
  return { bridges: [...new Set([...bridges, ...recorded])].sort(), steps, warnings }
}

const nameOf = ({ name }: Pick<FoundLink, 'name'>) => name

/** Links on a bridge that fanctl did not make. */
function portsOn(bridge: string, found: Observation): string[] {
  return found.links.filter((link) => link.bridge === bridge && !link.ours).map(nameOf)
}
