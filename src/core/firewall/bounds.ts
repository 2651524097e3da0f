/** How much of what all programs of a host share the containers of one fan may take. */
import { type Fan, fanSliceOf, isRouted, macOf } from '../fan.js'
import { formatAddress, formatPrefix, netmaskOf, sizeOf } from '../ipv4.js'
import { dropRule, type Rule } from './rule.js'

/**
 * Addresses behind a bridge that packets are sent on to within a minute. Each has an entry in the neighbour table, which
 * by default is for 1,024 in all namespaces together (net.ipv4.neigh.default.gc_thresh3).
 */
export const mostNeighbours = 512

/** What fanctl's host sends by itself is not counted, nor what containers send each other without their gateway. */
export function neighbours(fan: Fan): Rule[] {
  if (isRouted(fan) && sizeOf(fanSliceOf(fan).length) <= mostNeighbours) return []
  const name = `behind-${fan.bridge}`
  const set = { name, words: `type ipv4_addr; size ${mostNeighbours}; flags dynamic,timeout; timeout 1m;` }
  const ways = [
    `iifname != "${fan.bridge}" oifname "${fan.bridge}"`,
    // With br_netfilter bridged frames pass here, too: what the gateway sends on was addressed to it.
    ...(isRouted(fan) ? [] : [`iifname "${fan.bridge}" oifname "${fan.bridge}" ether daddr ${macOf(fan, 'bridge')}`]),
  ]
  // Where there is no room in the set, the first rule does not match.
  return ways.flatMap((way): Rule[] => [
    { chain: 'forward', text: `${way} update @${name} { ip daddr } accept`, set },
    dropRule('forward', 'excess', way),
  ])
}

/**
 * Connections that containers opened and that are tracked, to this host and beyond, in each sixteenth of a slice: together half of the 262,144 that
 * a machine with a gigabyte or more tracks by default (net.netfilter.nf_conntrack_max). Without NAT nothing of a fan
 * needs tracking, and this rule would turn it on.
 */
export const mostConnections = 8192
const sixteenth = 4

export function connections(fan: Fan): Rule[] {
  if (!fan.nat) return []
  const slice = fanSliceOf(fan)
  const name = `opened-${fan.bridge}`
  const mask = formatAddress(netmaskOf(Math.min(32, slice.length + sixteenth)))
  const opening = `iifname "${fan.bridge}" ip saddr ${formatPrefix(slice)} ct state new`
  const match = `${opening} add @${name} { ip saddr & ${mask} ct count over ${mostConnections} }`
  const set = { name, words: `type ipv4_addr; size ${2 ** sixteenth}; flags dynamic;` }
  return [{ ...dropRule('tracked', 'excess', match), set }]
}
