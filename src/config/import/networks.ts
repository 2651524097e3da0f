/** Networks as other programs write them, of either family. What a fan does with one of IPv4 is in core/ipv4.ts. */
import IPCIDR from 'ip-cidr'

/** Whether a text is an address or a network of IPv6. */
export function isIpv6(text: string): boolean {
  return text.includes(':') && (IPCIDR.isValidCIDR(text) || IPCIDR.isValidAddress(text))
}

/** An address or a network of IPv6 as RFC 5952 has it: `FD00:0::/48` gives `fd00::/48`. */
export function formatIpv6(text: string): string {
  const { address } = new IPCIDR(text.includes('/') ? text : `${text}/128`)
  return `${address.correctForm()}${text.includes('/') ? address.subnet : ''}`
}

/** Why what is at `key` is not imported. */
export function lostIpv6(key: string, text: string): string {
  return isIpv6(text) ? `${key} ${formatIpv6(text)}: fans are IPv4 only` : `${key}: fans are IPv4 only`
}
