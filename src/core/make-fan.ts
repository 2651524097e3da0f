/** From what is asked for and this host's address to a fan: the only way to one that is to be. */
import { checkHost, defaultBridge, type Fan } from './fan.js'
import { type FanMap, fanMap, poolOf, sliceOf } from './fan-map.js'
import { networkOf, type Prefix, samePrefix } from './ipv4.js'
import type { FanNetworks } from './networks.js'
import type { SteeringName } from './steerings/names.js'
import { checkSteering } from './steerings/steerings.js'

type Located = FanMap & Pick<Fan, 'host' | 'underlayReference' | 'bridge'>

/** What a fan is like, wherever it is. */
type FanSettings = Omit<Fan, keyof Located | 'steering' | 'steeringReason'> & {
  readonly steering: SteeringName | 'auto'
  readonly bridge?: string
}

/**
 * A fan with these settings at an address of this host, which has the underlay's length. Throws what `fanMap` throws,
 * HOST_UNUSABLE, CHOICE_INVALID, ROUTES_TOO_MANY or HOST_RESERVE_INVALID.
 */
export function makeFan<Settings extends FanSettings>(
  { overlay, underlay, map: known }: FanNetworks,
  settings: Settings,
  host: Prefix,
): Settings & Located {
  const map = known && samePrefix(known.underlay, networkOf(host)) ? known : fanMap(overlay, host)
  checkHost(map, host.address)
  checkSteering(settings.steering, settings.encapsulation, map)
  poolOf(sliceOf(map, host.address), settings.hostReserve)
  const bridge = settings.bridge ?? defaultBridge(overlay)
  return { ...settings, ...map, host: host.address, underlayReference: underlay, bridge }
}
