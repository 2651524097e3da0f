/** The file that node_exporter reads, written whole after each look. */
import { basename, dirname } from 'node:path'
import { FanError } from '../../core/errors.js'
import type { Files } from '../ports/files.js'
import type { Machine } from '../ports/machine.js'
import type { Look } from './keeper.js'
import { measure } from './measure.js'
import { formatMetrics, type Tally } from './metrics.js'

export interface MetricsFile {
  readonly path: string
  readonly files: Pick<Files, 'writeWhole' | 'removeUnfinished'>
}

/** Throws METRICS_UNUSABLE. */
export function writeMetrics(machine: Machine, file: MetricsFile, look: Look, tallies: readonly Tally[]): void {
  const broken = look.broken.map(({ bridge }) => bridge)
  writeMetricsFile(file, formatMetrics(measure(machine, look), broken, tallies, Date.now() / 1000))
}

/** Shows at the start whether the file can be written, and removes what a killed monitor left beside it. Throws METRICS_UNUSABLE. */
export function prepareMetrics(file: MetricsFile): void {
  const { path, files } = file
  files.removeUnfinished(dirname(path), `${basename(path)}.`)
  writeMetricsFile(file, '')
}

function writeMetricsFile({ path, files }: MetricsFile, text: string): void {
  try {
    files.writeWhole(path, text)
  } catch (cause) {
    const { problem } = (cause as FanError<'FILE_UNUSABLE' | 'FILE_NOT_REGULAR'>).details
    throw new FanError('METRICS_UNUSABLE', { path, problem }, { cause })
  }
}
