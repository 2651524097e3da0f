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

/** The IPv4 leases of a lease file. Lines of another form, such as the server's own `duid`, are passed over. */
export function parseLeases(text: string): Lease[] {
  return text.split('\n').flatMap((line) => parseLease(line) ?? [])
}

/**
 * Five words, none longer than dnsmasq itself would read: 255 for a name, 764 for an id. A kind of network before the
 * hardware address (`06-`) stands for one that is no Ethernet.
 */
const form =
  /^(\d{1,12}) ((?:[0-9a-f]{2}-)?[0-9a-f]{2}(?::[0-9a-f]{2}){0,15}) ([\d.]{7,15}) ([!-~]{1,255}) (\*|[0-9a-f:]{2,764})$/i

/** One line of it, undefined for a line of another form. */
export function parseLease(line: string): Lease | undefined {
  const [, expiry = '', mac = '', text = '', hostname = '', client = ''] = form.exec(line) ?? []
  const address = parseAddress(text)
  if (typeof address === 'string') return undefined
  const expires = Number(expiry) === 0 ? undefined : new Date(Number(expiry) * 1000)
  return { address, mac, hostname: hostname === '*' ? undefined : hostname, expires, client }
}
