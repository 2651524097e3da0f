/** DHCP is for the own containers: a server believes whoever asks about any lease. DNS is open to all of the overlay. */
import { type Fan, fanSliceOf, linksOf } from '../fan.js'
import { gatewayOf } from '../fan-map.js'
import { formatAddress, formatPrefix } from '../ipv4.js'
import { dropRule, fromBridge, linksIn, type Rule, rule } from './rule.js'

/** To a server (RFC 2131, section 4.1). */
const toServer = 'udp dport 67'

/** Requests a second, and at once: some 250 containers that start together ask twice each. */
const rate = 20
const burst = 500

/** The same for one hardware address, and how many of those are told apart. */
const clientRate = 1
const clientBurst = 10
const mostClients = 1024

/**
 * A container without an address yet has 0.0.0.0. Each request can be a line in the system's log, and whoever asks may
 * have as many hardware addresses as it likes, so all together may ask so often only. Who has one, as without NET_ADMIN
 * and NET_RAW, uses up no more than its own share. Where there is no room in the set, the rule with it does not match.
 */
export function fromOwnSlice(fan: Fan): Rule[] {
  const chain = `dhcp-${fan.bridge}`
  const name = `asked-${fan.bridge}`
  const set = { name, words: `type ether_addr; size ${mostClients}; flags dynamic,timeout; timeout 1m;` }
  const over = (each: number, atOnce: number) => `limit rate over ${each}/second burst ${atOnce} packets`
  return [
    rule(fromBridge(fan), `${toServer} jump ${chain}`),
    dropRule(chain, 'dhcp', `ip saddr != { ${formatPrefix(fanSliceOf(fan))}, 0.0.0.0 }`),
    { ...dropRule(chain, 'excess', `update @${name} { ether saddr ${over(clientRate, clientBurst)} }`), set },
    dropRule(chain, 'excess', over(rate, burst)),
  ]
}

/** From the tunnel, the underlay or another bridge. */
export function notFromElsewhere(fan: Fan): Rule[] {
  return [dropRule('prerouting', 'dhcp', `${toServer} ip daddr ${formatAddress(gatewayOf(fanSliceOf(fan)))}`)]
}

/** Of DNS (RFC 1035, section 4.2). */
const dnsPort = 53

/** dnsmasq looks at the link that a question came from if it came over UDP, and not over TCP. */
export function overlayOnly(fan: Fan): Rule[] {
  const elsewhere = `iifname != ${linksIn([...linksOf(fan), 'lo'])}`
  const gateway = formatAddress(gatewayOf(fanSliceOf(fan)))
  return [dropRule('arrival', 'dhcp', `ip daddr ${gateway} meta l4proto { tcp, udp } th dport ${dnsPort} ${elsewhere}`)]
}
