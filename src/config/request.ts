/** What a person asks for, before anything about the host is known. */
import { FanError } from '../core/errors.js'
import { formatReference, typeOf, type UnderlayReference } from '../core/fan.js'
import { checkLengths, fanMap, poolOf } from '../core/fan-map.js'
import type { Prefix } from '../core/ipv4.js'
import type { SteeringName } from '../core/steerings/names.js'
import { checkSteering } from '../core/steerings/steerings.js'
import type { TypeOptions } from '../core/types/type.js'
import { type TypeName, typeOptions, types, typesWith } from '../core/types/types.js'

/** What may be said about a fan besides where it is. What is left out has a default. */
export interface FanOptions extends TypeOptions {
  readonly encapsulation?: TypeName
  readonly steering?: 'auto' | SteeringName
  readonly dhcp?: boolean
  readonly nat?: boolean
  readonly hostReserve?: number
  readonly bridge?: string
  readonly mtu?: number
  /** To be brought up by `up -a`. */
  readonly enable?: boolean
}

/** What holds for every fan of which nothing else is said. */
export const defaults = {
  encapsulation: 'ipip',
  steering: 'auto',
  dhcp: false,
  nat: true,
  hostReserve: 1,
  enable: false,
} satisfies FanOptions

export interface FanPlace {
  readonly overlay: Prefix
  readonly underlay: UnderlayReference
}

/** All of it, with the defaults filled in. */
export type FanRequest = FanPlace & FanOptions & Required<Pick<FanOptions, keyof typeof defaults>>

/** Which fan to take down. At least one of the first two is there. */
export interface FanChoice {
  readonly overlay?: Prefix
  readonly bridge?: string
  readonly underlay?: UnderlayReference
}

/**
 * Options that fit each other and the arithmetic, as far as that can be told without the host.
 * Throws OPTION_NEEDS_VXLAN, HOST_RESERVE_INVALID, CHOICE_INVALID, ROUTES_TOO_MANY or what `fanMap` throws.
 */
export function completeRequest({ overlay, underlay }: FanPlace, options: FanOptions): FanRequest {
  const request = { ...defaults, ...options, overlay, underlay }
  const length = checkPlace({ overlay, underlay })
  // Every slice of a map is as large as the first.
  poolOf({ address: overlay.address, length: overlay.length + 32 - length }, request.hostReserve)
  const { encapsulation: type } = request
  checkSteering(request.steering, type, underlay.kind === 'prefix' ? fanMap(overlay, underlay.prefix) : undefined)
  for (const option of typeOptions)
    if (request[option] !== undefined && !typeOf(request).options.includes(option))
      throw new FanError('OPTION_NEEDS_VXLAN', { option: `--${option}`, type, types: typesWith(option) })
  return request
}

/** What is kept for a fan, under what is said of it now. If that is another type, what it does not have is left out. */
export function mergeOptions(kept: FanOptions, given: FanOptions): FanOptions {
  const type = given.encapsulation
  if (type === undefined) return { ...kept, ...given }
  const { options } = types[type]
  const lost: readonly string[] = typeOptions.filter((option) => !options.includes(option))
  return { ...Object.fromEntries(Object.entries(kept).filter(([key]) => !lost.includes(key))), ...given }
}

/** Gives the length of the underlay. Throws what `fanMap` throws. */
export function checkPlace({ overlay, underlay }: FanPlace): number {
  if (underlay.kind === 'prefix') return fanMap(overlay, underlay.prefix).underlay.length
  checkLengths(overlay, underlay.length, formatReference(underlay))
  return underlay.length
}
