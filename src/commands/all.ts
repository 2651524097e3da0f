/** `up -a`, `plan -a`, `down -a` and `down -e`: what they have in common is that one failure does not stop the others. */

import type { FlagValues } from '../config/fan-line.js'
import { FanError } from '../core/errors.js'
import { untilSignal } from '../linux/signals.js'
import { type DownAllView, viewDownAll } from '../results/down-all.js'
import { type DownEverythingView, viewDownEverything } from '../results/down-everything.js'
import type { Problem } from '../results/parts.js'
import { type UpAllView, viewUpAll } from '../results/up-all.js'
import { type FanCommand, openFiles, writeError } from './base.js'
import { printPlan, printUp } from './output.js'

/** Brings the fans of the fan file up, or only says what that would do. */
export async function runUpAll(command: FanCommand, isTrial: boolean, noWait?: boolean): Promise<UpAllView> {
  const { readFanFile } = await import('../app/config/fan-file.js')
  const { planUpAll, upAll } = await import('../app/fan/up-all.js')
  const files = await openFiles()
  const { config } = files.paths
  const file = readFanFile(files)
  const result = await command.withMachine(
    (machine) => (isTrial ? planUpAll(machine, file) : untilSignal((signal) => upAll(machine, file, signal))),
    noWait,
  )
  const view = viewUpAll(result, config)
  command.printWarnings(view.warnings)
  for (const one of view.fans)
    command.print(one, ({ fan, changed, steps }) => (isTrial ? printPlan(steps) : printUp(fan, changed)))
  report(
    command,
    view.failed.map(({ line, column, error }) => [[config, line, ...(column ? [column] : [])].join(':'), error]),
  )
  return view
}

/** Takes down what `up -a` brought up, or only says what that would do. */
export async function runDownAll(
  command: FanCommand,
  options: { readonly force: boolean; readonly dryRun: boolean },
  noWait?: boolean,
): Promise<DownAllView> {
  const { downAll } = await import('../app/fan/up-all.js')
  const result = await command.withMachine(
    (machine) =>
      options.dryRun ? downAll(machine, options) : untilSignal((signal) => downAll(machine, options, signal)),
    noWait,
  )
  const view = viewDownAll(result)
  command.printWarnings(view.warnings)
  for (const one of view.fans)
    command.print(one, ({ bridge, steps }) => (options.dryRun ? printPlan(steps) : `${bridge} is down`))
  report(
    command,
    view.failed.map(({ bridge, error }) => [bridge, error]),
  )
  return view
}

/** Takes down whatever fanctl has made on this host, or only says what that would do. */
export async function runDownEverything(
  command: FanCommand,
  { force, dryRun }: { readonly force: boolean; readonly dryRun: boolean },
  noWait?: boolean,
): Promise<DownEverythingView> {
  const { downEverything, planEverything } = await import('../app/fan/down-everything.js')
  const options = { force }
  const result = await command.withMachine(
    (machine) =>
      dryRun ? planEverything(machine, options) : untilSignal((signal) => downEverything(machine, options, signal)),
    noWait,
  )
  const view = viewDownEverything(result)
  command.printWarnings(view.warnings)
  command.print(view, ({ steps, changed, bridges }) => {
    if (dryRun) return printPlan(steps)
    if (!changed) return 'nothing to remove: this host has no fans and nothing left of earlier ones'
    return bridges.length > 0 ? `down: ${bridges.join(', ')}` : 'removed what was left of earlier fans'
  })
  return view
}

/** Each failure with its place; the exit status is 1, whatever each would have been alone. */
function report(command: FanCommand, failures: readonly (readonly [place: string, error: Problem])[]): void {
  if (!command.jsonEnabled()) for (const [place, error] of failures) writeError(error, place)
  if (failures.length > 0) process.exitCode = 1
}

/** What says which fan does not go with all of them. Throws OPTIONS_EXCLUSIVE. */
export function refuseOthers(option: string, flags: FlagValues, words: readonly string[]): void {
  const [other] = [...words, ...Object.keys(flags).map((name) => `--${name}`)]
  if (other !== undefined) throw new FanError('OPTIONS_EXCLUSIVE', { option, other })
}
