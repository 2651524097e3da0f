/** The fans of another program's configuration. */
import type { UnderlayReference } from '../../core/fan.js'
import { fanNetworks } from '../../core/networks.js'
import { completeRequest } from '../request.js'
import { itemsOf, readDocuments } from './documents.js'
import { flannel } from './flannel.js'
import { type Imported, type Importer, type ImportSource, type Source, unknownImport } from './imported.js'
import { juju } from './juju.js'
import { lxd } from './lxd.js'
import { ubuntuFan } from './ubuntu-fan.js'

/** In the order in which they are asked: what is no YAML first. */
const importers: Readonly<Record<ImportSource, Importer>> = { 'ubuntu-fan': ubuntuFan, juju, lxd, flannel }

/** Nothing that is imported is nearly as long. */
const longestText = 128 * 1024

/**
 * Fans that a fan file can hold, and what has no equivalent. Without `from` the text tells what it is.
 * Throws IMPORT_UNKNOWN, IMPORT_MALFORMED, or what is wrong with a value or with a fan.
 */
export function importConfig(
  text: string,
  from: ImportSource | undefined,
  underlay: UnderlayReference | undefined,
): Imported & { readonly from: ImportSource } {
  if (text.length > longestText) throw unknownImport('it is too long')
  const source = sourceOf(text)
  const name = from ?? recognise(source)
  const imported = importers[name].read(source, underlay)
  for (const { options, ...named } of imported.fans) completeRequest(fanNetworks(named), options)
  return { from: name, ...imported }
}

function sourceOf(text: string): Source {
  let documents: readonly unknown[] | undefined
  return {
    text,
    documents: () => {
      documents ??= itemsOf(readDocuments(text, 'the text'))
      return documents
    },
  }
}

/** Throws IMPORT_UNKNOWN or IMPORT_MALFORMED. */
function recognise(source: Source): ImportSource {
  for (const [name, importer] of Object.entries(importers)) if (importer.knows(source)) return name as ImportSource
  throw unknownImport('its format is unknown')
}
