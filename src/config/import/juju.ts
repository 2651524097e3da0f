/**
 * Juju's model option fan-config: `10.0.0.0/16=252.0.0.0/8 172.16.0.0/16=253.0.0.0/8`, underlay first; alone, as a
 * `juju model-config` command, or in what that prints.
 */
import * as z from 'zod/mini'
import { readOverlay, readUnderlay } from '../values.js'
import { type Imported, type ImportedFan, type Importer, unknownImport } from './imported.js'
import { isIpv6 } from './networks.js'
import { hasShape, readShape, scalar } from './shape.js'

/** As it is in a file of a cloud or a model, and as `juju model-config --format yaml` prints it. */
const option = z.union([scalar, z.object({ value: scalar }), z.object({ Value: scalar })])
const modelConfig = z.looseObject({ 'fan-config': option })

export const juju: Importer = {
  knows: (source) => isCommand(source.text) || source.documents().some((one) => hasShape(modelConfig, one)),
  read: (source) =>
    importPairs(
      isCommand(source.text)
        ? source.text.trim().replace(/^(?:juju\s+model-config\s+)?(?:fan-config\s*=\s*)?/, '')
        : source.documents().map(pairsOf).join(' '),
    ),
}

/** What is no YAML, or a single value of it. */
function isCommand(text: string): boolean {
  return /^(?:juju\s|fan-config\s*=|["']?[\da-f.:]+\/\d+=)/i.test(text.trim())
}

function pairsOf(document: unknown): string {
  if (hasShape(scalar, document)) return document
  const found = readShape(modelConfig, document, "Juju's configuration")['fan-config']
  if (typeof found === 'string') return found
  return 'value' in found ? found.value : found.Value
}

/** Throws IMPORT_UNKNOWN or what is wrong with a network. */
function importPairs(text: string): Imported {
  const entries = text
    .replaceAll(/["']/g, '')
    .split(/\s+/)
    .filter((entry) => entry !== '')
  if (entries.length === 0) throw unknownImport('it contains no pair of networks')
  const pairs = entries.map(pairOf)
  const lost = pairs.filter((pair) => pair.some(isIpv6))
  if (lost.length === pairs.length) throw unknownImport('all of its networks are IPv6, but fans are IPv4 only')
  return {
    fans: pairs.filter((pair) => !lost.includes(pair)).map(fanOf),
    notes: [
      'Juju 4 has no fan: set container-networking-method to local, and attach machines to the bridges by a profile of LXD',
      ...lost.map((pair) => `${pair.join('=')}: fans are IPv4 only`),
    ],
  }
}

function pairOf(entry: string): readonly [underlay: string, overlay: string] {
  const [underlay, overlay, more] = entry.split('=')
  if (!underlay || !overlay || more !== undefined)
    throw unknownImport(`${JSON.stringify(entry)} is not of the form UNDERLAY=OVERLAY`)
  return [underlay, overlay]
}

function fanOf([underlay, overlay]: readonly [string, string]): ImportedFan {
  return {
    overlay: readOverlay('the overlay', overlay),
    underlay: readUnderlay('the underlay', underlay),
    options: { dhcp: true, enable: true },
  }
}
