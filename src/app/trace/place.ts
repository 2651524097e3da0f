/** What an address is to the fans of a host: arithmetic alone. */
import { type Fan, fanPoolOf, fanSliceOf } from '../../core/fan.js'
import { gatewayOf, ownerOf, sliceOf, unusableRoleOf } from '../../core/fan-map.js'
import { contains, type Ipv4, lastOf, type Prefix } from '../../core/ipv4.js'

/** Where an address can be: in an overlay, in an underlay, or in none of a fan's. */
export const sides = ['overlay', 'underlay', 'outside'] as const

/** What an address is within its slice. What other hosts keep out of DHCP cannot be known here. */
export const roles = ['network', 'gateway', 'reserved', 'container', 'broadcast'] as const
export type Role = (typeof roles)[number]

/** An address of some fan's overlay. */
export interface OverlayPlace {
  readonly side: 'overlay'
  readonly address: Ipv4
  readonly fan: Fan
  /** The host that owns it, and whether that is this one. */
  readonly owner: Ipv4
  readonly isHere: boolean
  readonly slice: Prefix
  readonly gateway: Ipv4
  readonly role: Role
  /** What the owner is instead of a host. */
  readonly unusable: 'network' | 'broadcast' | undefined
}

/** An address of the underlay of at least one fan. */
export interface UnderlayPlace {
  readonly side: 'underlay'
  readonly address: Ipv4
  readonly fans: readonly [Fan, ...Fan[]]
  readonly isHere: boolean
  readonly unusable: 'network' | 'broadcast' | undefined
}

export interface OutsidePlace {
  readonly side: 'outside'
  readonly address: Ipv4
}

export type Place = OverlayPlace | UnderlayPlace | OutsidePlace

/** Where an address belongs. */
export function placeOf(address: Ipv4, fans: readonly Fan[]): Place {
  const fan = fans.find(({ overlay }) => contains(overlay, address))
  if (fan) return overlayPlace(address, fan)
  const [first, ...rest] = fans.filter(({ underlay }) => contains(underlay, address))
  if (!first) return { side: 'outside', address }
  const all = [first, ...rest] as const
  const isHere = all.some(({ host }) => host === address)
  return { side: 'underlay', address, fans: all, isHere, unusable: unusableRoleOf(first, address) }
}

function overlayPlace(address: Ipv4, fan: Fan): OverlayPlace {
  const owner = ownerOf(fan, address)
  const slice = sliceOf(fan, owner)
  return {
    side: 'overlay',
    address,
    fan,
    owner,
    isHere: owner === fan.host,
    slice,
    gateway: gatewayOf(slice),
    role: roleOf(address, slice, fan),
    unusable: unusableRoleOf(fan, owner),
  }
}

function roleOf(address: Ipv4, slice: Prefix, fan: Fan): Role {
  if (address === slice.address) return 'network'
  if (address === lastOf(slice)) return 'broadcast'
  if (address === gatewayOf(slice)) return 'gateway'
  const isReserved = slice.address === fanSliceOf(fan).address && address < fanPoolOf(fan).first
  return isReserved ? 'reserved' : 'container'
}
