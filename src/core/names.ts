import { FanError } from './errors.js'
import { formatAddress, type Prefix } from './ipv4.js'

/** The kernel keeps 16 bytes for a link's name, the last one a NUL (IFNAMSIZ). */
const longestName = 15

/** The name of the one ipip link that all ipip fans of a network namespace share. */
export const sharedTunnelName = 'ftun0'

/** The bridge of an overlay, when the user names none: 250.0.0.0/8 gives `fan-250`, 172.31.0.0/16 `fan-172-31`. */
export function bridgeName(overlay: Prefix): string {
  return nameFor('fan-', overlay)
}

/** The vxlan link of an overlay: 250.0.0.0/8 gives `ftun-250`. */
export function tunnelName(overlay: Prefix): string {
  return nameFor('ftun-', overlay)
}

/** Trailing zero octets go; what is still longer than a link's name may be is written in hexadecimal. */
function nameFor(start: string, overlay: Prefix): string {
  const octets = formatAddress(overlay.address).replace(/(?:\.0)+$/, '')
  const name = start + octets.replaceAll('.', '-')
  return name.length <= longestName ? name : start + overlay.address.toString(16).padStart(8, '0')
}

/**
 * A name for a bridge of ours. Stricter than the kernel (which allows quotes, semicolons and the like), because the
 * name becomes part of dnsmasq's configuration and of nft rules. Throws BRIDGE_NAME_INVALID.
 */
export function checkBridgeName(name: string): string {
  const problem = bridgeNameProblem(name)
  if (problem) throw new FanError('BRIDGE_NAME_INVALID', { name, problem })
  return name
}

/** What a bridge of ours may be called, for hints: `checkBridgeName` says what is wrong. */
export function isBridgeName(name: string): boolean {
  return bridgeNameProblem(name) === undefined
}

function bridgeNameProblem(name: string): string | undefined {
  if (name === '') return 'it is empty'
  if (bytesOf(name) > longestName) return `it has ${bytesOf(name)} bytes; the kernel allows ${longestName}`
  if (!/^[A-Za-z0-9_.-]+$/.test(name)) return 'only letters, digits, "-", "_" and "." are allowed'
  if (!/^[A-Za-z0-9_]/.test(name)) return 'it must begin with a letter, a digit or "_"'
  if (['all', 'default', 'lo'].includes(name)) return 'the kernel reserves it'
  if (name.startsWith('ftun')) return 'names that begin with "ftun" are for tunnels'
  return undefined
}

/** Whether the kernel would accept a text as a link's name (dev_valid_name in net/core/dev.c). */
export function isLinkName(text: string): boolean {
  const bytes = bytesOf(text)
  return bytes > 0 && bytes <= longestName && text !== '.' && text !== '..' && !/[/:\s\0]/.test(text)
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length
}
