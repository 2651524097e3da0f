/** The two networks of a fan as one text, by which lines of the fan file and kept settings are told apart. */
import { formatReference, type UnderlayReference } from '../core/fan.js'
import { formatPrefix, networkOf } from '../core/ipv4.js'
import { type FanNetworks, fanNetworks, type NamedNetworks } from '../core/networks.js'
import { readOverlay, readUnderlay } from './values.js'

/**
 * `10.0.0.0/16` and `250.0.0.0/8`. An address of this host stands for its network, so that the texts are the same on all
 * hosts; a device is the same only under the same name.
 */
export function namesOf({ overlay, underlay }: NamedNetworks): { underlay: string; overlay: string } {
  return { underlay: formatReference(withoutHost(underlay)), overlay: formatPrefix(overlay) }
}

/** Both in one text: `10.0.0.0/16 250.0.0.0/8`. */
export function networksOf(networks: NamedNetworks): string {
  const { underlay, overlay } = namesOf(networks)
  return `${underlay} ${overlay}`
}

function withoutHost(underlay: UnderlayReference): UnderlayReference {
  return underlay.kind === 'prefix' ? { kind: 'prefix', prefix: networkOf(underlay.prefix) } : underlay
}

export function sameNetworks(one: NamedNetworks, other: NamedNetworks): boolean {
  return networksOf(one) === networksOf(other)
}

const ending = '.conf'

/** The file of the settings for two networks, named as ubuntu-fan 0.9 does: `10.0.0.0-16--250.0.0.0-8.conf`. */
export function settingsName(networks: NamedNetworks): string {
  const { underlay, overlay } = namesOf(networks)
  return `${underlay}--${overlay}`.replaceAll('/', '-') + ending
}

/** The networks that such a file is for; undefined: it has no such name. Devices may have "-" in their names, too. */
export function networksOfSettings(name: string): FanNetworks | undefined {
  const [, link, underlayLength, overlay, overlayLength] =
    name.match(/^(.+)-(\d{1,2})--([\d.]+)-(\d{1,2})\.conf$/s) ?? []
  if (link === undefined) return undefined
  try {
    const networks = fanNetworks({
      overlay: readOverlay('the overlay', `${overlay}/${overlayLength}`),
      underlay: readUnderlay('the underlay', `${link}/${underlayLength}`),
    })
    return settingsName(networks) === name ? networks : undefined
  } catch {
    return undefined
  }
}
