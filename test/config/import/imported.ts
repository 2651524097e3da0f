import { formatLine } from '../../../src/config/fan-line.js'
import { importConfig } from '../../../src/config/import/import.js'
import type { ImportSource } from '../../../src/config/import/imported.js'
import { readUnderlay } from '../../../src/config/values.js'

/** What a text is taken for, its fans as lines of the fan file, and what is lost. */
export function imported(text: string, underlay?: string, source?: ImportSource) {
  const given = underlay === undefined ? undefined : readUnderlay('--underlay', underlay)
  const { from, fans, notes } = importConfig(text, source, given)
  return { from, lines: fans.map((fan) => formatLine(fan, fan.options)), notes: notes.join('\n') }
}
