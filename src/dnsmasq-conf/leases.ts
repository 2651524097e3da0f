/** dnsmasq's lease file: `expiry mac address hostname client-id` a line (src/lease.c). */
import { type Ipv4, parseAddress } from '../core/ipv4.js'

export interface Lease {
  readonly address: Ipv4
  readonly mac: string
  /** Undefined: the client sent none. */
  readonly hostname: string | undefined
  /** Undefined: it never expires. */
  readonly expires: Date | undefined
  /** The id that the client sent, `*` for none. */
  readonly client: string
}

/** Characters that the name of a host can have (RFC 1035, section 2.3.4): what is longer is cut. */
const longestName = 253

/** The IPv4 leases of a lease file. Lines of another form, such as the server's own `duid`, are passed over. */
export function parseLeases(text: string): Lease[] {
  return text.split('\n').flatMap((line) => parseLease(line) ?? [])
}

/** One line of it, undefined for a line of another form. */
export function parseLease(line: string): Lease | undefined {
  const [expiry = '', mac = '', addressText = '', hostname = '', client = '*'] = line.split(' ')
  const address = parseAddress(addressText)
  if (typeof address === 'string' || !/^\d{1,12}$/.test(expiry) || !/^[0-9a-f:-]+$/i.test(mac)) return undefined
  const expires = Number(expiry) === 0 ? undefined : new Date(Number(expiry) * 1000)
  return { address, mac, hostname: hostname === '*' ? undefined : hostname.slice(0, longestName), expires, client }
}
