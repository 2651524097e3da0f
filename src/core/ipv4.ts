/**
 * IPv4 addresses and prefixes as numbers.
 *
 * An address is an integer from 0 to 2^32 - 1. JavaScript's shifts are signed and take their count modulo 32,
 * so every calculation here multiplies and divides by powers of two instead.
 */
declare const brand: unique symbol

/** One IPv4 address: an integer from 0 to 2^32 - 1. */
export type Ipv4 = number & { readonly [brand]: 'Ipv4' }

/** An address and the number of leading bits that count, 0 to 32. Host bits may be set: see `networkOf`. */
export interface Prefix {
  readonly address: Ipv4
  readonly length: number
}

/** Why a text is not an address or a prefix. */
export type Ipv4Problem =
  | 'empty'
  | 'ipv6'
  | 'malformed'
  | 'leading-zero'
  | 'octet-range'
  | 'length-missing'
  | 'length-range'

/** `10.0.3.4` to a number, or what is wrong with it. Accepts four decimal octets and nothing else. */
export function parseAddress(text: string): Ipv4 | Ipv4Problem {
  let value = 0
  let octet = -1
  let dots = 0
  let digits = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 46 && octet >= 0 && dots < 3) {
      value = value * 256 + octet
      dots += 1
      octet = -1
      digits = 0
    } else if (code >= 48 && code <= 57 && digits < 3) {
      if (octet === 0) return 'leading-zero'
      octet = octet < 0 ? code - 48 : octet * 10 + code - 48
      digits += 1
      if (octet > 255) return 'octet-range'
    } else return isIpv6Like(text) ? 'ipv6' : code >= 48 && code <= 57 ? 'octet-range' : 'malformed'
  }
  if (text === '') return 'empty'
  if (dots !== 3 || octet < 0) return 'malformed'
  return (value * 256 + octet) as Ipv4
}

/** Two colons at least: 10.0.3.4:80 is an address with a port. */
function isIpv6Like(text: string): boolean {
  return /^[\da-f.]*:[\da-f.]*:[\da-f:.]*$/i.test(text)
}

/** `10.0.0.0/16` to a prefix, or what is wrong with it. The length has to be there. */
export function parsePrefix(text: string): Prefix | Ipv4Problem {
  const slash = text.indexOf('/')
  if (slash === 0) return 'malformed'
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash))
  if (typeof address === 'string') return address
  if (slash < 0) return 'length-missing'
  const length = parseLength(text.slice(slash + 1))
  return length === undefined ? 'length-range' : { address, length }
}

/** `16` to a prefix length from 0 to 32, undefined for anything else. */
export function parseLength(text: string): number | undefined {
  if (!/^(?:0|[1-9]\d?)$/.test(text)) return undefined
  const length = Number(text)
  return length <= 32 ? length : undefined
}

/** A number known to be in range as an address. Throws a RangeError otherwise: that is a bug, not input. */
export function ipv4(value: number): Ipv4 {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** 32) throw new RangeError(`not an IPv4 address: ${value}`)
  return value as Ipv4
}

/** A number to `10.0.3.4`. */
export function formatAddress(address: Ipv4): string {
  const high = Math.floor(address / 65_536)
  const low = address % 65_536
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`
}

/** A prefix to `10.0.3.4/16`, host bits and all. */
export function formatPrefix(prefix: Prefix): string {
  return `${formatAddress(prefix.address)}/${prefix.length}`
}

/** How many addresses a prefix of this length has. */
export function sizeOf(length: number): number {
  return 2 ** (32 - length)
}

/** The prefix without its host bits: 10.0.3.4/16 gives 10.0.0.0/16. */
export function networkOf(prefix: Prefix): Prefix {
  return { address: ipv4(prefix.address - (prefix.address % sizeOf(prefix.length))), length: prefix.length }
}

/** Whether any host bit is set. */
export function hasHostBits(prefix: Prefix): boolean {
  return prefix.address % sizeOf(prefix.length) !== 0
}

/** Whether the network of `prefix` holds the address. */
export function contains(prefix: Prefix, address: Ipv4): boolean {
  const size = sizeOf(prefix.length)
  return Math.floor(prefix.address / size) === Math.floor(address / size)
}

/** Whether two networks share an address. One then holds the other. */
export function overlaps(a: Prefix, b: Prefix): boolean {
  return a.length <= b.length ? contains(a, b.address) : contains(b, a.address)
}

/** The last address of the network: its broadcast address. */
export function lastOf(prefix: Prefix): Ipv4 {
  return ipv4(networkOf(prefix).address + sizeOf(prefix.length) - 1)
}

/** A length to a netmask: 16 gives 255.255.0.0. */
export function netmaskOf(length: number): Ipv4 {
  return ipv4(2 ** 32 - sizeOf(length))
}

/** Whether two prefixes are equal, host bits included. */
export function samePrefix(a: Prefix, b: Prefix): boolean {
  return a.address === b.address && a.length === b.length
}
