/** The two networks of a fan, before it is known which host it is on. */
import { formatReference, type UnderlayReference } from './fan.js'
import { checkLengths, type FanMap, fanMap } from './fan-map.js'
import type { Prefix } from './ipv4.js'

/** As somebody has written them. Whether they make a fan, nobody has looked. */
export interface NamedNetworks {
  readonly overlay: Prefix
  readonly underlay: UnderlayReference
}

/** Networks that make a fan, as far as that can be told. Made by `fanNetworks` only. */
export interface FanNetworks extends NamedNetworks {
  /** Undefined: of a device, only its host knows the network. */
  readonly map: FanMap | undefined
}

/** Throws what `fanMap` throws, or what `checkLengths` throws where only the length of the underlay is known. */
export function fanNetworks({ overlay, underlay }: NamedNetworks): FanNetworks {
  if (underlay.kind === 'prefix') return { overlay, underlay, map: fanMap(overlay, underlay.prefix) }
  checkLengths(overlay, underlay.length, formatReference(underlay))
  return { overlay, underlay, map: undefined }
}
