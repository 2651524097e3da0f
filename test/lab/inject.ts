/**
 * Runs in the network namespace of a lab's host: brings a fan up again and again, each time failing at another step,
 * and prints as JSON what the host was like after each. Arguments: overlay, underlay, type and
 * steering.
 */
import { isDeepStrictEqual } from 'node:util'
import { planUp, up } from '../../src/app/fan/up.js'
import { pathsFrom } from '../../src/config/paths.js'
import type { Change } from '../../src/core/change.js'
import { FanError } from '../../src/core/errors.js'
import { describe, kindOf } from '../../src/core/objects/objects.js'
import { LinuxMachine } from '../../src/linux/machine.js'
import { request } from '../app/fan/requests.js'
import { must } from './shell.js'
import { snapshot } from './snapshot.js'

export interface Injection {
  /** The step that fails, and whether it has happened when it does. */
  readonly step: string
  readonly done: boolean
  readonly reported: string
  /** What differs from before, empty if nothing does. */
  readonly differences: readonly string[]
}

class FailingHost extends LinuxMachine {
  failAt = -1
  failDone = false
  #count = 0

  override async execute(change: Change): Promise<void> {
    const fails = this.#count === this.failAt
    this.#count += 1
    if (fails && this.failDone && change.object === 'routes' && !change.before && (change.after?.length ?? 0) > 1)
      // The kernel itself refuses the last of them, when it has the others.
      await super.execute({ ...change, after: [...(change.after ?? []), ...(change.after?.slice(0, 1) ?? [])] })
    if (!fails || this.failDone) await super.execute(change)
    if (fails) throw new FanError('STEP_FAILED', { step: describe(change)[0] ?? kindOf(change), problem: 'injected' })
  }
}

async function main([overlay = '', underlay = '', type, steering]: string[]): Promise<Injection[]> {
  const paths = pathsFrom(process.env)
  const fan = request(overlay, underlay, {
    encapsulation: type === 'ipip' ? 'ipip' : 'vxlan',
    steering: steering === 'routes' ? 'routes' : 'auto',
    nat: true,
  })
  const look = () => snapshot((words) => must(words), paths.runtime)
  const before = await look()
  const planner = new LinuxMachine(paths)
  const { steps } = await planUp(planner, fan)
  planner.close()
  const results: Injection[] = []
  for (const done of [false, true])
    for (const [at, step] of steps.entries()) {
      const host = new FailingHost(paths)
      host.failAt = at
      host.failDone = done
      const error: unknown = await up(host, fan).catch((thrown: unknown) => thrown)
      host.close()
      const after = await look()
      const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
      const differences = names.filter((name) => !isDeepStrictEqual(before[name], after[name]))
      results.push({
        step: describe(step)[0] ?? kindOf(step),
        done,
        reported: error instanceof FanError ? error.message : String(error),
        differences: differences.map((name) => `${name}: ${before[name]} -> ${after[name]}`),
      })
    }
  return results
}

main(process.argv.slice(2)).then(
  (results) => process.stdout.write(JSON.stringify(results)),
  (error) => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
    process.exitCode = 1
  },
)
