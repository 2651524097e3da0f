/** Juju's model option fan-config: `10.0.0.0/16=252.0.0.0/8 172.16.0.0/16=253.0.0.0/8`, underlay first. */
import { readOverlay, readUnderlay } from '../values.js'
import { type Imported, unknownImport } from './imported.js'

/** Throws IMPORT_UNKNOWN or what is wrong with a network. */
export function importJuju(text: string): Imported {
  const entries = text
    .trim()
    .replace(/^(?:juju\s+model-config\s+)?(?:fan-config\s*[=:\s]\s*)?/, '')
    .replaceAll(/["']/g, '')
    .split(/\s+/)
    .filter((entry) => entry !== '')
  if (entries.length === 0) throw unknownImport('there is no pair of networks in it')
  return {
    fans: entries.map((entry) => {
      const [underlay, overlay, more] = entry.split('=')
      if (!underlay || !overlay || more !== undefined)
        throw unknownImport(`${JSON.stringify(entry)} is not UNDERLAY=OVERLAY, as Juju has it`)
      return {
        overlay: readOverlay('the overlay', overlay),
        underlay: readUnderlay('the underlay', underlay),
        options: { dhcp: true, enable: true },
      }
    }),
    notes: [
      'Juju 4 has no fan: set container-networking-method to local, and attach machines to the bridges by a profile of LXD',
    ],
  }
}
