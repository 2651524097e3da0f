/**
 * Only the tunnel of a host sends its tunnel packets, and nothing remembers them. Far hosts believe a packet by its outer
 * source, so whoever could send one in this host's name could speak for every container of it.
 */
import { type Fan, portOf, tunnelOf } from '../fan.js'
import { formatAddress, formatPrefix } from '../ipv4.js'
import { dropRule, insideMatch, linksIn, notFromCard, outerMatch, type Rule, rule } from './rule.js'

/**
 * What leaves with an address of this host, which NAT may have given it. What the kernel encapsulates has the tunnel as
 * the link that it came from, here and in no earlier hook (since Linux 5.7); what a process or a container sends has none
 * or another. Whose socket it is from would not tell: a tunnel packet keeps the socket of what is inside. Other ipip
 * links of this host are let through. They are known by their kind, which a card has none of, so that no comparison with
 * one holds: they are accepted first.
 */
export function onlyTunnelsSend(fan: Fan, fans: readonly Fan[]): Rule[] {
  const match = `${outerMatch(fan)} ip daddr ${formatPrefix(fan.underlay)}`
  const drop = (which: string) => dropRule('after-nat', 'forged', `${match} ${which} fib saddr type local`)
  if (fan.encapsulation === 'vxlan') return [drop(`iifname != ${linksIn(tunnelsOnPort(fan, fans))}`)]
  return [
    rule('after-nat', `${outerMatch(fan)} meta iifkind "ipip" accept`),
    drop(insideMatch(innerSource, fan.overlay)),
  ]
}

function tunnelsOnPort(fan: Fan, fans: readonly Fan[]): string[] {
  return fansOnPort(fan, fans).map(tunnelOf)
}

function fansOnPort(fan: Fan, fans: readonly Fan[]): Fan[] {
  return fans.filter((one) => one.encapsulation === 'vxlan' && portOf(one) === portOf(fan))
}

/** In bits from the header of the packet in an ipip packet (RFC 791). */
const innerSource = 96

/**
 * Hosts of a fan send each other packets from and to their addresses on the underlay. A tunnel takes them at any address
 * of this host, from anybody, and a vxlan tunnel over IPv6, too: what comes by such a way was sent past the rules of its
 * host. Of ipip packets only those are looked at that carry a source of the overlay; others belong to other tunnels.
 */
export function betweenHosts(fan: Fan, fans: readonly Fan[]): Rule[] {
  const drop = (match: string) => dropRule('arrival', 'forged', match)
  if (fan.encapsulation === 'ipip') {
    const carries = `${outerMatch(fan)} ${insideMatch(innerSource, fan.overlay)}`
    return [
      drop(`${carries} ip daddr != ${formatAddress(fan.host)}`),
      drop(`${carries} ip saddr != ${formatPrefix(fan.underlay)}`),
    ]
  }
  const sharing = fansOnPort(fan, fans)
  // Not a set: networks of two fans may overlap.
  const elsewhere = [...new Set(sharing.map((one) => `ip saddr != ${formatPrefix(one.underlay)}`))].join(' ')
  const hosts = [...new Set(sharing.map((one) => formatAddress(one.host)))].join(', ')
  return [
    drop(`${outerMatch(fan)} ip daddr != { ${hosts} }`),
    drop(`${outerMatch(fan)} ${elsewhere}`),
    drop(`meta nfproto ipv6 ${outerMatch(fan)}`),
  ]
}

/** From this host to itself no tunnel sends; a process could, to any address of it. */
export function noneFromHere(fan: Fan): Rule[] {
  return fan.encapsulation === 'vxlan' ? [dropRule('prerouting', 'forged', `iifname "lo" ${outerMatch(fan)}`)] : []
}

/**
 * What comes from a link that may be a container's, to stay or to be sent on, does so where its sender is: that link has
 * the address which it is for, or leads to its source. Other programs' containers would else make up both addresses.
 * Cards are not asked: of two on one network the wrong one answers ARP at times.
 */
export function whereSendersAre(fan: Fan): Rule[] {
  const to = `${outerMatch(fan)} ip daddr ${formatPrefix(fan.underlay)}`
  const elsewhere = 'fib daddr . iif type != local fib saddr . iif oif missing'
  return [dropRule('prerouting', 'forged', `${to} ${notFromCard} ${elsewhere}`)]
}

/**
 * An entry of connection tracking that a container makes, by sending from the tunnel's port through NAT, would claim
 * packets between two hosts: whatever NAT it is, it hands them to that container.
 */
export function untracked(fan: Fan): Rule[] {
  const [host, underlay] = [formatAddress(fan.host), formatPrefix(fan.underlay)]
  return [
    rule('prerouting', `${outerMatch(fan)} ip saddr ${underlay} ip daddr ${host} notrack`),
    rule('output', `${outerMatch(fan)} ip saddr ${host} ip daddr ${underlay} notrack`),
  ]
}
