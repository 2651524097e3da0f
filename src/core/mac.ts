/** The hardware addresses of a fan's links. They are computed, so every host knows those of all others. */
import type { HostMap } from './fan-map.js'
import { type Ipv4, ipv4 } from './ipv4.js'

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
export function macOf(fan: Pick<HostMap, 'overlay' | 'host'>, role: MacRole): string {
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
