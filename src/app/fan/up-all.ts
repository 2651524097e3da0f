/** `fanctl up -a` and `down -a`: the fans of the fan file. */
import { type FanFile, type FileLine, isEnabled } from '../../config/fan-file.js'
import type { FanRequest } from '../../config/request.js'
import type { FileProblem } from '../../config/words.js'
import { FanError } from '../../core/errors.js'
import type { Machine } from '../ports/machine.js'
import { type DownResult, down, planDown } from './down.js'
import { knowFans } from './known.js'
import { planUp, type UpResult, up } from './up.js'

/** Without a column the line is right, and this host cannot do it. */
type FailedLine = FileProblem<number | undefined>

export interface UpAllResult {
  readonly done: readonly { readonly line: FileLine; readonly result: UpResult }[]
  /** Lines that are off or not enabled. */
  readonly skipped: readonly FileLine[]
  readonly failed: readonly FailedLine[]
}

/**
 * Brings every enabled line up, each in a transaction of its own, and goes on after one that fails. Every line has been
 * read by then, so nothing is touched before all that is wrong with the file is known.
 */
export async function upAll(machine: Machine, file: FanFile, signal?: AbortSignal): Promise<UpAllResult> {
  return await forEachLine(file, (request) => up(machine, request, signal))
}

/** What `up -a` would do, as far as it can be told while no line is up. */
export async function planUpAll(machine: Machine, file: FanFile): Promise<UpAllResult> {
  return await forEachLine(file, (request) => planUp(machine, request))
}

async function forEachLine(file: FanFile, use: (request: FanRequest) => Promise<UpResult>): Promise<UpAllResult> {
  const done: { line: FileLine; result: UpResult }[] = []
  const failed: FailedLine[] = [...file.problems]
  for (const line of file.lines.filter(isEnabled)) {
    try {
      done.push({ line, result: await use({ ...line.request, enable: true }) })
    } catch (error) {
      if (!(error instanceof FanError) || error.code === 'INTERRUPTED' || error.code === 'NOT_ROOT') throw error
      failed.push({ line: line.line, column: undefined, error })
    }
  }
  failed.sort((a, b) => a.line - b.line)
  return { done, skipped: file.lines.filter((line) => !isEnabled(line)), failed }
}

export interface DownAllResult {
  readonly done: readonly DownResult[]
  readonly failed: readonly { readonly bridge: string; readonly error: FanError }[]
  /** About fans of which nobody knows whether they were meant. */
  readonly warnings: readonly string[]
}

/** Takes down every fan that `up -a` brought up, and goes on after one that fails. Throws NOT_ROOT. */
export async function downAll(
  machine: Machine,
  options: { force: boolean; dryRun: boolean },
  signal?: AbortSignal,
): Promise<DownAllResult> {
  const { fans, broken } = knowFans(await machine.observe())
  const done: DownResult[] = []
  const failed: { bridge: string; error: FanError }[] = []
  for (const { bridge } of fans.filter(({ enable }) => enable)) {
    try {
      const choice = { bridge }
      done.push(await (options.dryRun ? planDown(machine, choice, options) : down(machine, choice, options, signal)))
    } catch (error) {
      if (!(error instanceof FanError) || error.code === 'INTERRUPTED' || error.code === 'NOT_ROOT') throw error
      failed.push({ bridge, error })
    }
  }
  return {
    done,
    failed,
    warnings: broken.map(({ bridge, problem }) => `${bridge} was not touched: ${problem.message}`),
  }
}
