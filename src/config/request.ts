/** What a person asks for, before anything about the host is known. */
import { FanError } from '../core/errors.js'
import { type Encapsulation, formatReference, type UnderlayReference } from '../core/fan.js'
import { checkLengths, fanMap, poolOf } from '../core/fan-map.js'
import type { Prefix } from '../core/ipv4.js'
import { checkRoutable } from '../core/routes.js'
import type { Option } from './options/option.js'
import { type Defaults, defaults, type FanOptions, type OptionKey, rows } from './options/rows.js'

export interface FanPlace {
  readonly overlay: Prefix
  readonly underlay: UnderlayReference
}

/** All of it, with the defaults filled in. */
export type FanRequest = FanPlace & FanOptions & Defaults

/** Which fan to take down. At least one of the first two is there. */
export interface FanChoice {
  readonly overlay?: Prefix
  readonly bridge?: string
  readonly underlay?: UnderlayReference
}

/**
 * Options that fit each other and the arithmetic, as far as that can be told without the host.
 * Throws OPTION_NEEDS_VXLAN, HOST_RESERVE_INVALID, ROUTES_TOO_MANY or what `fanMap` throws.
 */
export function completeRequest({ overlay, underlay }: FanPlace, options: FanOptions): FanRequest {
  const request = { ...defaults, ...options, overlay, underlay }
  const length = checkPlace({ overlay, underlay })
  // Every slice of a map is as large as the first.
  poolOf({ address: overlay.address, length: overlay.length + 32 - length }, request.hostReserve)
  if (request.steering === 'routes' && underlay.kind === 'prefix') checkRoutable(fanMap(overlay, underlay.prefix))
  const alien = rows.find((row) => request[row.key] !== undefined && !isFor(row, request.encapsulation))
  if (alien) throw new FanError('OPTION_NEEDS_VXLAN', { option: `--${alien.name}` })
  return request
}

/** Whether fans of a type have an option. */
function isFor({ types }: Pick<Option, 'types'>, type: Encapsulation): boolean {
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

/** Gives the length of the underlay. Throws what `fanMap` throws. */
export function checkPlace({ overlay, underlay }: FanPlace): number {
  if (underlay.kind === 'prefix') return fanMap(overlay, underlay.prefix).underlay.length
  checkLengths(overlay, underlay.length, formatReference(underlay))
  return underlay.length
}
