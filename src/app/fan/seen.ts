/** Fans as far as the host itself tells, for those whose records do not. */
import { readBridgeAlias, tunnelAliasOf } from '../../core/desired-links.js'
import { FanError } from '../../core/errors.js'
import type { Fan } from '../../core/fan.js'
import { type FanMap, fanMap, gatewayOf, sliceOf } from '../../core/fan-map.js'
import { contains, formatPrefix, type Prefix, samePrefix } from '../../core/ipv4.js'
import { hostOfMac } from '../../core/mac.js'
import { tunnelName } from '../../core/names.js'
import { belongsTo } from '../../core/steering/filters.js'
import { steeringNames } from '../../core/steerings/names.js'
import { steerings } from '../../core/steerings/steerings.js'
import type { TypeOptions } from '../../core/types/type.js'
import { typeNames, types } from '../../core/types/types.js'
import type { FoundLink, Observation } from '../ports/machine.js'

/** One for each bridge of ours that has its alias and its hardware address. */
export function fansSeen(found: Observation): Fan[] {
  return found.links.filter((link) => link.ours && link.kind === 'bridge').flatMap((link) => fanOn(link, found) ?? [])
}

function fanOn(link: FoundLink, found: Observation): Fan | undefined {
  const host = hostOfMac(link.mac ?? '')
  const networks = readBridgeAlias(link.alias)
  if (host === undefined || !networks) return undefined
  const { slice, overlay } = networks
  const prefix: Prefix = { address: host, length: 32 - (slice.length - overlay.length) }
  try {
    const map = fanMap(overlay, prefix)
    if (!samePrefix(sliceOf(map, host), slice)) return undefined
    const traits = tunnelTraits(map, found)
    if (!traits) return undefined
    const settings = found.dhcpServers.find(({ bridge }) => bridge === link.name)?.settings
    return {
      ...map,
      host,
      underlayReference: { kind: 'prefix', prefix },
      enable: false,
      bridge: link.name,
      ...traits,
      steeringReason: '',
      dhcp: settings !== undefined,
      nat: hasNat(slice, found),
      hostReserve: settings ? settings.pool.first - gatewayOf(slice) : 1,
    }
  } catch (error) {
    if (error instanceof FanError) return undefined
    throw error
  }
}

type TunnelTraits = Pick<Fan, 'encapsulation' | 'steering'> & TypeOptions

/** Undefined where no type knows its own in what there is. */
function tunnelTraits({ overlay, underlay }: FanMap, found: Observation): TunnelTraits | undefined {
  const alias = tunnelAliasOf({ overlay, underlay })
  const own = found.links.find((link) => link.ours && (link.alias === alias || link.name === tunnelName(overlay)))
  const isRouted = found.routes.some(({ prefix, encap }) => encap && contains(overlay, prefix.address))
  const isSteered = found.filters.some((filter) => belongsTo(filter, { overlay }))
  const traces = { hasMap: own?.fanMap !== undefined, hasPrograms: isSteered, hasRoutes: isRouted }
  const steering = steeringNames.find((name) => steerings[name].isSeen(traces)) ?? steeringNames[0]
  const [traits] = typeNames.flatMap((encapsulation): TunnelTraits[] => {
    const options = types[encapsulation].recognise({ tunnel: own })
    return options ? [{ encapsulation, steering, ...options }] : []
  })
  return traits
}

/** As the table says; where there is none, as it is by default. */
function hasNat(slice: Prefix, { firewall }: Observation): boolean {
  const lines = firewall?.text.split('\n')
  return lines?.some((line) => line.includes(formatPrefix(slice)) && line.includes('masquerade')) ?? true
}
