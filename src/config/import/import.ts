/** The fans of another program's configuration. */
import type { UnderlayReference } from '../../core/fan.js'
import { checkPlace, completeRequest } from '../request.js'
import { importFlannel } from './flannel.js'
import { type Imported, type Importer, type ImportSource, unknownImport } from './imported.js'
import { importJuju } from './juju.js'
import { importLxd } from './lxd.js'
import { importUbuntuFan } from './ubuntu-fan.js'

const importers: Readonly<Record<ImportSource, Importer>> = {
  flannel: importFlannel,
  lxd: importLxd,
  juju: importJuju,
  'ubuntu-fan': importUbuntuFan,
}

/** Nothing that is imported is nearly as long. */
const longestText = 1024 * 1024

/**
 * Fans that a fan file can hold, and what has no equivalent. Without `from` the text tells what it is.
 * Throws IMPORT_UNKNOWN, or what is wrong with a value or with a fan.
 */
export function importConfig(
  text: string,
  from: ImportSource | undefined,
  underlay: UnderlayReference | undefined,
): Imported & { readonly from: ImportSource } {
  if (text.length > longestText) throw unknownImport('it is too long')
  const source = from ?? recognise(text)
  const imported = importers[source](text, underlay)
  for (const { options, ...place } of imported.fans) {
    checkPlace(place)
    completeRequest(place, options)
  }
  return { from: source, ...imported }
}

/** Throws IMPORT_UNKNOWN. */
function recognise(text: string): ImportSource {
  if (/^\s*\{/.test(text) || text.includes('net-conf.json')) return 'flannel'
  if (/^\s*(?:export\s+)?FAN_[A-Z_]+=/m.test(text)) return 'ubuntu-fan'
  if (/^\s*(?:bridge\.mode|fan\.\w+)\s*[:=]/m.test(text)) return 'lxd'
  if (/^\s*(?:juju\s|fan-config|["']?[\d.]+\/\d+=)/.test(text)) return 'juju'
  throw unknownImport('its format is unknown')
}
