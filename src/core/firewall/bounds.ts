/** How much of what all programs of a host share the containers of one fan may take. */
import { behindBridge, type Fan, fanSliceOf } from '../fan.js'
import { formatAddress, formatPrefix, netmaskOf, sizeOf } from '../ipv4.js'
import { macOf } from '../mac.js'
import { dropRule, fromBridge, type Rule, rule } from './rule.js'

/**
 * Addresses behind a bridge that others' packets are sent on to within a minute. Each has an entry in the neighbour table,
 * which by default is for 1,024 in all namespaces together (net.ipv4.neigh.default.gc_thresh3).
 */
export const mostNeighbours = 512

/**
 * What the host sends by itself is not counted, nor what containers send each other without their gateway: with
 * br_netfilter such frames pass here, too. Where there is no room in the set, the rule with it does not match.
 */
export function neighbours(fan: Fan): Rule[] {
  const behind = behindBridge(fan)
  if (sizeOf(behind.length) <= mostNeighbours) return []
  const chain = `behind-${fan.bridge}`
  const set = { name: chain, words: `type ipv4_addr; size ${mostNeighbours}; flags dynamic,timeout; timeout 1m;` }
  const slice = fanSliceOf(fan)
  const own = `ip saddr ${formatPrefix(slice)}`
  return [
    rule(fromBridge(fan), `${own} ether daddr != ${macOf(fan, 'bridge')} accept`),
    rule(fromBridge(fan), `${own} ip daddr ${formatPrefix(behind)} jump ${chain}`),
    rule('prerouting', `ip daddr ${formatPrefix(behind)} jump ${chain}`),
    // So few need no bound, and whoever sends to all the others would keep packets from them.
    ...(sizeOf(slice.length) <= mostNeighbours ? [rule(chain, `ip daddr ${formatPrefix(slice)} return`)] : []),
    { ...rule(chain, `update @${chain} { ip daddr } return`), set },
    dropRule(chain, 'excess', ''),
  ]
}

/**
 * Connections that containers opened and that are tracked, to this host and beyond, in each sixteenth of a slice: together
 * half of the 262,144 that a machine with a gigabyte or more tracks by default (net.netfilter.nf_conntrack_max). Without
 * NAT nothing of a fan needs tracking, and these rules would turn it on.
 */
export const mostConnections = 8192
const sixteenth = 4

export function connections(fan: Fan): Rule[] {
  if (!fan.nat) return []
  const slice = fanSliceOf(fan)
  const name = `opened-${fan.bridge}`
  const set = { name, words: `type ipv4_addr; size ${2 ** sixteenth}; flags dynamic;` }
  const mask = formatAddress(netmaskOf(Math.min(32, slice.length + sixteenth)))
  const match = `ip saddr ${formatPrefix(slice)} add @${name} { ip saddr & ${mask} ct count over ${mostConnections} }`
  return ['input', 'postrouting'].map((chain) => ({ ...dropRule(chain, 'excess', match), set }))
}
