/**
 * Only the tunnel of a host sends its tunnel packets, and nothing remembers them. Far hosts believe a packet by its outer
 * source, so whoever could send one in this host's name could speak for every container of it.
 */
import { type Fan, typeOf } from '../fan.js'
import { formatAddress, formatPrefix, overlaps } from '../ipv4.js'
import type { Wire } from '../types/type.js'
import { dropRule, notFromCard, type Rule, type RuleFacts, rule } from './rule.js'

/** What a type without packets of its own has nothing to say to. */
function ofWire(fan: Fan, rules: (wire: Wire, outer: string) => Rule[]): Rule[] {
  const { wire } = typeOf(fan)
  return wire ? rules(wire, wire.match(fan)) : []
}

const sameType = (fan: Fan, fans: readonly Fan[]) => fans.filter((one) => typeOf(one) === typeOf(fan))

/**
 * What leaves with an address of this host, which NAT may have given it. What the kernel encapsulates has the tunnel as
 * the link that it came from, here and in no earlier hook (since Linux 5.7); what a process or a container sends has none
 * or another. Whose socket it is from would not tell: a tunnel packet keeps the socket of what is inside.
 */
export function onlyTunnelsSend(fan: Fan, fans: readonly Fan[]): Rule[] {
  return ofWire(fan, (wire) => wire.fromTunnels(fan, sameType(fan, fans)))
}

/**
 * Hosts of a fan send each other packets from and to their addresses on the underlay. A tunnel takes them at any address
 * of this host, from anybody, and a vxlan tunnel over IPv6, too: what comes by such a way was sent past the rules of its
 * host. Of ipip packets only those are looked at that carry a source of the overlay; others belong to other tunnels.
 */
export function fromHosts(fan: Fan): Rule[] {
  return ofWire(fan, (wire) => [wire.fromHosts(fan)])
}

/** No fan's hosts have sent it. */
export function fromElsewhere(fan: Fan): Rule[] {
  return ofWire(fan, (wire) => wire.fromElsewhere(fan))
}

/** From this host to itself no tunnel sends; a process could, to any address of it. */
export function noneFromHere(fan: Fan): Rule[] {
  return ofWire(fan, (wire) => wire.noneFromHere(fan))
}

/**
 * What comes from a link that may be a container's, to stay or to be sent on, does so where its sender is: that link has
 * the address which it is for, or leads to its source. Other programs' containers would else make up both addresses.
 * Cards are not asked: of two on one network the wrong one answers ARP at times.
 */
export function whereSendersAre(fan: Fan): Rule[] {
  const elsewhere = 'fib daddr . iif type != local fib saddr . iif oif missing'
  return ofWire(fan, (_, outer) => [
    dropRule('prerouting', 'forged', `${outer} ip daddr ${formatPrefix(fan.underlay)} ${notFromCard} ${elsewhere}`),
  ])
}

/**
 * What most tunnel packets are: on the link with this host's address, from a host to that. None of the other rules is
 * about them, unless the hosts are containers of another fan. What comes by another link is asked where its sender is.
 */
export function byTheCard(fan: Fan, fans: readonly Fan[], { cards }: RuleFacts): Rule[] {
  const card = cards[fan.host]
  if (card === undefined || fans.some(({ overlay }) => overlaps(overlay, fan.underlay))) return []
  const ends = `ip saddr ${formatPrefix(fan.underlay)} ip daddr ${formatAddress(fan.host)}`
  return ofWire(fan, (_, outer) => [rule('prerouting', `iifname "${card}" ${outer} ${ends} notrack accept`)])
}

/** The card of a fan by a table as nft prints it, if that says. */
export function cardIn(text: string, { host }: Pick<Fan, 'host'>): string | undefined {
  const address = formatAddress(host).replaceAll('.', '\\.')
  return text.match(new RegExp(`iifname "([^"]+)" .* ip daddr ${address} notrack accept`))?.[1]
}

/**
 * An entry of connection tracking that a container makes, by sending from the tunnel's port through NAT, would claim
 * packets between two hosts: whatever NAT it is, it hands them to that container.
 */
export function untracked(fan: Fan): Rule[] {
  const [host, underlay] = [formatAddress(fan.host), formatPrefix(fan.underlay)]
  return ofWire(fan, (_, outer) => [
    rule('prerouting', `${outer} ip saddr ${underlay} ip daddr ${host} notrack`),
    rule('output', `${outer} ip saddr ${host} ip daddr ${underlay} notrack`),
  ])
}
