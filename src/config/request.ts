/** What a person asks for, before anything about the host is known. */
import { FanError } from '../core/errors.js'
import { poolOf } from '../core/fan-map.js'
import type { FanNetworks, NamedNetworks } from '../core/networks.js'
import { checkSteering } from '../core/steerings/steerings.js'
import type { TypeName } from '../core/types/types.js'
import type { Option } from './options/option.js'
import { type Defaults, defaults, type FanOptions, type OptionKey, rows } from './options/rows.js'

/** All of it, with the defaults filled in. */
export type FanRequest = FanNetworks & FanOptions & Defaults

/** Which fan to take down. At least one of the first two is there. */
export interface FanChoice extends Partial<NamedNetworks> {
  readonly bridge?: string
}

/**
 * Options that fit each other and the arithmetic, as far as that can be told without the host.
 * Throws OPTION_NEEDS_VXLAN, HOST_RESERVE_INVALID, CHOICE_INVALID or ROUTES_TOO_MANY.
 */
export function completeRequest({ overlay, underlay, map }: FanNetworks, options: FanOptions): FanRequest {
  const request = { ...defaults, ...options, overlay, underlay, map }
  const length = underlay.kind === 'prefix' ? underlay.prefix.length : underlay.length
  // Every slice of a map is as large as the first.
  poolOf({ address: overlay.address, length: overlay.length + 32 - length }, request.hostReserve)
  const { encapsulation: type } = request
  checkSteering(request.steering, type, map)
  const alien = rows.find((row) => request[row.key] !== undefined && !isFor(row, type))
  if (alien?.types) throw new FanError('OPTION_NEEDS_VXLAN', { option: `--${alien.name}`, type, types: alien.types })
  return request
}

/** Whether fans of a type have an option. */
function isFor({ types }: Pick<Option, 'types'>, type: TypeName): boolean {
  return types === undefined || types.includes(type)
}

/**
 * What is kept for a fan, under what is said of it now. What another type has is not for a fan whose type is said.
 */
export function mergeOptions(kept: FanOptions, given: FanOptions): FanOptions {
  const { encapsulation } = given
  const fitting = (key: OptionKey) =>
    encapsulation === undefined || rows.some((row) => row.key === key && isFor(row, encapsulation))
  return { ...pickOptions(kept, fitting), ...given }
}

/** Some of the options. */
export function pickOptions(options: FanOptions, isMeant: (key: OptionKey) => boolean): FanOptions {
  return Object.fromEntries(Object.entries(options).filter(([key]) => isMeant(key as OptionKey)))
}

/** What holds for a fan where nothing is said, as far as it does not hang on this host. */
export function defaultsFor({ overlay, encapsulation }: Pick<FanRequest, 'overlay' | 'encapsulation'>): FanOptions {
  const computed = rows.flatMap((row) =>
    row.value !== undefined && row.computed && isFor(row, encapsulation) ? [[row.key, row.computed(overlay)]] : [],
  )
  return { ...defaults, ...Object.fromEntries(computed) }
}
