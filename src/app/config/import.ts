/** `fanctl config import`: lines for the fan file from another program's configuration. */
import { addLine, hasLine, newLine } from '../../config/edit-fan-file.js'
import { importConfig } from '../../config/import/import.js'
import type { ImportSource } from '../../config/import/imported.js'
import type { Paths } from '../../config/paths.js'
import type { UnderlayReference } from '../../core/fan.js'
import type { ConfigImportView } from '../../results/config.js'
import { readForEdit } from '../../services/files.js'
import { rewriteWhole } from '../../services/whole-files.js'

interface Options {
  readonly from: ImportSource | undefined
  readonly underlay: UnderlayReference | undefined
}

/** What a text means as lines of the fan file. Throws IMPORT_UNKNOWN or what is wrong with a value. */
export function readImport(text: string, options: Options): ConfigImportView {
  const { from, fans, notes } = importConfig(text, options.from, options.underlay)
  const lines = fans.map((fan) => newLine(fan, fan.options))
  return { format: 1, from, lines, notes: [...notes], file: null, added: [], warnings: [] }
}

/** Adds those lines to the fan file whose networks it does not have yet. Throws FILE_UNUSABLE, too. */
export function writeImport(text: string, options: Options, paths: Paths): ConfigImportView {
  const view = readImport(text, options)
  const { fans } = importConfig(text, options.from, options.underlay)
  const before = readForEdit(paths.config)
  const added = fans.filter((fan) => !hasLine(before, fan)).map((fan) => newLine(fan, fan.options))
  const after = fans.reduce((rest, fan) => addLine(rest, fan, fan.options), before)
  if (after !== before) rewriteWhole(paths.config, after)
  const kept = view.lines.filter((line) => !added.includes(line))
  return {
    ...view,
    file: paths.config,
    added,
    warnings: kept.map((line) => `${paths.config} already has a line for these networks, which was kept: ${line}`),
  }
}
