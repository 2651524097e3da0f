/** `fanctl config import`: lines for the fan file from another program's configuration. */
import { addLine, hasLine, newLine } from '../../config/edit-fan-file.js'
import { importConfig } from '../../config/import/import.js'
import type { ImportSource } from '../../config/import/imported.js'
import type { UnderlayReference } from '../../core/fan.js'
import type { Files } from '../ports/files.js'

interface Options {
  readonly from: ImportSource | undefined
  readonly underlay: UnderlayReference | undefined
}

export interface ImportedLines {
  readonly from: ImportSource
  /** For the fan file. */
  readonly lines: readonly string[]
  /** What has no equivalent, and why. */
  readonly notes: readonly string[]
  /** Of the fan file, if lines were to be added to it, and which were. */
  readonly path?: string
  readonly added: readonly string[]
  readonly warnings: readonly string[]
}

/** What a text means as lines of the fan file. Throws IMPORT_UNKNOWN or what is wrong with a value. */
export function readImport(text: string, options: Options): ImportedLines {
  return linesOf(importConfig(text, options.from, options.underlay))
}

function linesOf({ from, fans, notes }: ReturnType<typeof importConfig>): ImportedLines {
  return { from, lines: fans.map((fan) => newLine(fan, fan.options)), notes, added: [], warnings: [] }
}

/** Adds those lines to the fan file whose networks it does not have yet. Throws FILE_UNUSABLE, too. */
export function writeImport(text: string, options: Options, files: Files): ImportedLines {
  const { config } = files.paths
  const read = importConfig(text, options.from, options.underlay)
  const { fans } = read
  const imported = linesOf(read)
  const before = files.readForEdit(config)
  const added = fans.filter((fan) => !hasLine(before, fan)).map((fan) => newLine(fan, fan.options))
  const after = fans.reduce((rest, fan) => addLine(rest, fan, fan.options), before)
  if (after !== before) files.rewriteWhole(config, after)
  const kept = imported.lines.filter((line) => !added.includes(line))
  return {
    ...imported,
    path: config,
    added,
    warnings: kept.map((line) => `not added, because ${config} already has a line for these networks: ${line}`),
  }
}
