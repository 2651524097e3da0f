/**
 * How large a packet between hosts may be, only the underlay says. The kernel believes any ICMP error that quotes a tunnel
 * packet, whoever it comes from (icmp_unreach in net/ipv4/icmp.c, vxlan_err_lookup, ipip_err), and goes by it for ten
 * minutes: at 552 bytes each full tunnel packet is three.
 */
import { type Fan, typeOf } from '../fan.js'
import { formatAddress, formatPrefix } from '../ipv4.js'
import { containerKinds, dropRule, insideMatch, linksIn, notFromCard, type Rule } from './rule.js'

/** In bits from the ICMP header to the addresses of the packet that is quoted (RFC 792). */
const quoted = { source: 160, destination: 192 } as const

const tooLarge = 'icmp type destination-unreachable icmp code frag-needed'

/** Those of other links than the one with the host's address, or of containers, are made up. */
export function sizesFromUnderlay(fan: Fan): Rule[] {
  if (!typeOf(fan).wire) return []
  const about = `${tooLarge} ${insideMatch(quoted.destination, fan.underlay)}`
  const host = formatAddress(fan.host)
  return [
    `${about} ${insideMatch(quoted.source, { address: fan.host, length: 32 })} ip daddr != ${host}`,
    `${about} ip saddr ${formatPrefix(fan.overlay)}`,
    `${about} ${notFromCard} fib daddr . iif type != local`,
  ].map((match) => dropRule('arrival', 'forged', match))
}

/**
 * What a container sends other hosts, in its own words or in those that NAT puts there. In a fragment the quoted
 * addresses may be missing, and no such message is as long as to need one.
 */
export function sizesToUnderlay(fan: Fan): Rule[] {
  if (!typeOf(fan).wire) return []
  const sent = `${tooLarge} ip daddr ${formatPrefix(fan.underlay)} meta iifkind ${linksIn(containerKinds)}`
  return [insideMatch(quoted.destination, fan.underlay), 'ip frag-off & 0x2000 != 0'].map((match) =>
    dropRule('after-nat', 'forged', `${sent} ${match}`),
  )
}
