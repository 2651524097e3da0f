/** A fan as one host runs it, and the values that follow from it. */
import { FanError } from './errors.js'
import { type FanMap, gatewayOf, poolOf, sliceOf, unusableRoleOf } from './fan-map.js'
import { formatAddress, formatPrefix, type Ipv4, ipv4, type Prefix } from './ipv4.js'
import { bridgeName, sharedTunnelName, tunnelName } from './names.js'

/** What goes on the wire. */
export type Encapsulation = 'ipip' | 'vxlan'
export const encapsulations: readonly Encapsulation[] = ['ipip', 'vxlan']

/**
 * Who computes the outer destination: programs on the tunnel, the map of Ubuntu's fan kernels, or a route for each host.
 * In the order in which they are preferred.
 */
export type Steering = 'ebpf' | 'fan-map' | 'routes'
export const steerings: readonly Steering[] = ['ebpf', 'fan-map', 'routes']

/** In characters; some of them are the kernel's words. */
export const longestReason = 1000

/** Where a fan's underlay is: an address or network, a device, or the device of the default route. */
export type UnderlayReference =
  | { readonly kind: 'prefix'; readonly prefix: Prefix }
  | { readonly kind: 'device'; readonly device: string; readonly length: number }
  | { readonly kind: 'default'; readonly length: number }

/** Everything that a person decides about one fan on one host. Optional: the default is computed. */
export interface Fan extends FanMap {
  /** This host's address on the underlay. */
  readonly host: Ipv4
  /** What that address follows from: a device may get another one. */
  readonly underlayReference: UnderlayReference
  /** Whether it is brought up by `up -a`, and taken down by `down -a`. */
  readonly enable: boolean
  readonly bridge: string
  readonly encapsulation: Encapsulation
  readonly steering: Steering
  /** Why this steering and no other, for people. */
  readonly steeringReason: string
  readonly dhcp: boolean
  readonly nat: boolean
  /** Addresses kept out of DHCP, counted from the gateway. */
  readonly hostReserve: number
  /** In bytes. Left out: what the underlay link allows. */
  readonly mtu?: number
  /** vxlan only. */
  readonly vni?: number
  readonly port?: number
}

/** Linux' default UDP port for vxlan, which Ubuntu's fan and LXD use (`dstport 0`), not IANA's 4789. */
export const defaultPort = 8472

/** A VNI has 24 bits (RFC 7348); 0 is refused by the kernel's VNI filter. */
export const largestVni = 2 ** 24 - 1
export const largestPort = 65_535

/** The VNI that LXD derives from an overlay: the first three octets (driver_bridge.go). */
export function defaultVni(overlay: Prefix): number {
  return Math.floor(overlay.address / 256)
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

/** Whether the rest of the overlay is behind a route, and not on the bridge's own link. */
export function isRouted(fan: Fan): boolean {
  return fan.encapsulation === 'ipip' || fan.steering === 'routes'
}

/** The bridge's address. Its length: of the slice where the overlay is routed; else all of it is on one link. */
export function bridgeAddressOf(fan: Fan): Prefix {
  const slice = fanSliceOf(fan)
  return { address: gatewayOf(slice), length: isRouted(fan) ? slice.length : fan.overlay.length }
}

export function fanPoolOf(fan: Fan) {
  return poolOf(fanSliceOf(fan), fan.hostReserve)
}

/** How many addresses DHCP may give. */
export function poolSizeOf(fan: Fan): number {
  const { first, last } = fanPoolOf(fan)
  return last - first + 1
}

/** Whether its tunnel is the one that all ipip fans share. A link with a map of its own cannot be `external`. */
export function sharesTunnel(fan: Fan): boolean {
  return fan.encapsulation === 'ipip' && fan.steering !== 'fan-map'
}

/** The link that encapsulates. */
export function tunnelOf(fan: Fan): string {
  return sharesTunnel(fan) ? sharedTunnelName : tunnelName(fan.overlay)
}

export function vniOf(fan: Fan): number {
  return fan.vni ?? defaultVni(fan.overlay)
}

export function portOf(fan: Fan): number {
  return fan.port ?? defaultPort
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

type MacRole = 'bridge' | 'tunnel'
const macRoles: Readonly<Record<MacRole, number>> = { bridge: 0x02, tunnel: 0x06 }

/** What a hardware address that `macOf` gave is for, undefined for any other. */
export function macRoleOf(mac: string): MacRole | undefined {
  return (Object.keys(macRoles) as MacRole[]).find((role) => macRoles[role] === Number.parseInt(mac.slice(0, 2), 16))
}

/**
 * A hardware address for a link of a fan: locally administered, the first octet of the overlay, then the host's
 * underlay address. Hosts of one vxlan fan share a layer-2 segment, so theirs must differ, and one that survives a
 * rebuild keeps the neighbours' ARP tables right.
 */
export function macOf(fan: Fan, role: MacRole): string {
  const bytes = [macRoles[role], Math.floor(fan.overlay.address / 2 ** 24)]
  for (const power of [24, 16, 8, 0]) bytes.push(Math.floor(ipv4(fan.host) / 2 ** power) % 256)
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':')
}

/** The underlay address in the hardware address of a bridge that `macOf` gave, undefined for any other. */
export function hostOfMac(mac: string): Ipv4 | undefined {
  const bytes = mac.split(':').map((byte) => Number.parseInt(byte, 16))
  if (bytes.length !== 6 || macRoleOf(mac) !== 'bridge') return undefined
  return ipv4(bytes.slice(2).reduce((sum, byte) => sum * 256 + byte, 0))
}
