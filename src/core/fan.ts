/** A fan as one host runs it, and the values that follow from it. */
import { FanError } from './errors.js'
import { type FanMap, gatewayOf, poolOf, sliceOf, unusableRoleOf } from './fan-map.js'
import { formatAddress, formatPrefix, type Ipv4, type Prefix } from './ipv4.js'
import { bridgeName, tunnelName } from './names.js'
import type { FanType, Layout, TypedFan, TypeOptions } from './types/type.js'
import { type TypeName, types } from './types/types.js'

/** In characters; some of them are the kernel's words. */
export const longestReason = 1000

/** Where a fan's underlay is: an address or network, a device, or the device of the default route. */
export type UnderlayReference =
  | { readonly kind: 'prefix'; readonly prefix: Prefix }
  | { readonly kind: 'device'; readonly device: string; readonly length: number }
  | { readonly kind: 'default'; readonly length: number }

/** Everything that a person decides about one fan on one host. Optional: the default is computed. */
export interface Fan extends TypedFan {
  /** What its address on the underlay follows from: a device may get another one. */
  readonly underlayReference: UnderlayReference
  /** Whether it is brought up by `up -a`, and taken down by `down -a`. */
  readonly enable: boolean
  /** What goes on the wire. */
  readonly encapsulation: TypeName
  /** Why this steering and no other, for people. */
  readonly steeringReason: string
  readonly dhcp: boolean
  readonly nat: boolean
  /** Addresses kept out of DHCP, counted from the gateway. */
  readonly hostReserve: number
  /** In bytes. Left out: what the underlay link allows. */
  readonly mtu?: number
}

export const defaultBridge = bridgeName

/** Throws HOST_UNUSABLE for an address that no machine can have. */
export function checkHost(map: FanMap, host: Ipv4): void {
  const role = unusableRoleOf(map, host)
  if (!role) return
  throw new FanError('HOST_UNUSABLE', { host: formatAddress(host), underlay: formatPrefix(map.underlay), role })
}

/** The overlay prefix that this host owns. */
export function fanSliceOf(fan: Fan): Prefix {
  return sliceOf(fan, fan.host)
}

export function typeOf({ encapsulation }: Pick<Fan, 'encapsulation'>): FanType {
  return types[encapsulation]
}

function layoutOf(fan: Fan): Layout {
  const layout = typeOf(fan).steerings[fan.steering]
  if (!layout) throw new Error(`no ${fan.encapsulation} fan is steered by ${fan.steering}`)
  return layout
}

/** Whether the rest of the overlay is behind a route, and not on the bridge's own link. */
export function isRouted(fan: Fan): boolean {
  return layoutOf(fan).isRouted
}

/** Whether its host answers ARP in the bridge for all of the overlay. */
export function proxiesArp(fan: Fan): boolean {
  return layoutOf(fan).proxiesArp
}

/** All addresses that are behind a fan's bridge. */
export function behindBridge(fan: Fan): Prefix {
  return isRouted(fan) ? fanSliceOf(fan) : fan.overlay
}

/** The bridge's address. Its length: of the slice where the overlay is routed; else all of it is on one link. */
export function bridgeAddressOf(fan: Fan): Prefix {
  return { address: gatewayOf(fanSliceOf(fan)), length: behindBridge(fan).length }
}

export function fanPoolOf(fan: Fan) {
  return poolOf(fanSliceOf(fan), fan.hostReserve)
}

/** How many addresses DHCP may give. */
export function poolSizeOf(fan: Fan): number {
  const { first, last } = fanPoolOf(fan)
  return last - first + 1
}

/** Whether its tunnel is one that fans of its type share. */
export function sharesTunnel(fan: Fan): boolean {
  return layoutOf(fan).isShared
}

/** The link that encapsulates. Undefined: nothing does. */
export function tunnelOf(fan: Fan): string | undefined {
  const { tunnel } = typeOf(fan)
  return sharesTunnel(fan) ? tunnel?.shared?.name : tunnel && tunnelName(fan.overlay)
}

/** Its bridge and its tunnel. */
export function linksOf(fan: Fan): string[] {
  return [fan.bridge, tunnelOf(fan)].filter((name) => name !== undefined)
}

/** The links that a fan shares with no other. */
export function ownLinksOf(fan: Fan): string[] {
  return sharesTunnel(fan) ? [fan.bridge] : linksOf(fan)
}

/** The options that its type has, as they are for this fan. */
export function typeOptionsOf(fan: Fan): TypeOptions {
  const { options, defaults } = typeOf(fan)
  const given = options.flatMap((option) => (fan[option] === undefined ? [] : [[option, fan[option]] as const]))
  return { ...defaults(fan.overlay), ...Object.fromEntries(given) }
}

/** This host's address with the length of the underlay: `10.0.3.4/16`, as `-u` takes it. */
export function hostTextOf(fan: Fan): string {
  return formatPrefix({ address: fan.host, length: fan.underlay.length })
}

/** The underlay as `-u` takes it: `10.0.3.4/16`, `eth0/16`, `default/16`. */
export function formatReference(reference: UnderlayReference): string {
  if (reference.kind === 'prefix') return formatPrefix(reference.prefix)
  return `${reference.kind === 'default' ? 'default' : reference.device}/${reference.length}`
}
