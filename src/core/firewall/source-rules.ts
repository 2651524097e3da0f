/** Where a source address may come from. */
import { behindBridge, type Fan, fanSliceOf, isRouted, typeOf } from '../fan.js'
import { formatPrefix } from '../ipv4.js'
import { fromTunnelPriority } from '../steering/stamp.js'
import { steeringOf } from '../steerings/steerings.js'
import { dropRule, fromBridge, type Rule, rule, slicesOf } from './rule.js'

/** The chain of its bridge says all about what comes from there. */
export function bridgeFirst(fan: Fan): Rule[] {
  return [rule('prerouting', `iifname "${fan.bridge}" goto ${fromBridge(fan)}`)]
}

/** A host may talk to itself as it likes. */
export function trustHere(): Rule[] {
  return [rule('prerouting', 'iifname "lo" accept')]
}

/** This host's own slice sends from its bridge. The same source from anywhere else was made up by a neighbour. */
export function ownSlice(fan: Fan): Rule[] {
  return [dropRule('prerouting', 'martian', `ip saddr ${formatPrefix(fanSliceOf(fan))}`)]
}

/**
 * A packet from the overlay for any slice of this host has to come out of the tunnel, where its source was checked.
 * For other addresses of this host it may come straight: a fan without NAT sends so.
 */
export function throughTheTunnel(fan: Fan, fans: readonly Fan[]): Rule[] {
  const entrance = typeOf(fan).entrance(fan)
  if (!entrance) return []
  const match = `${entrance.past} ip saddr ${formatPrefix(fan.overlay)} ip daddr { ${slicesOf(fans)} }`
  return [dropRule('prerouting', 'martian', match)]
}

/**
 * What the tunnel let in comes from the bridge, too, where the overlay is bridged: with br_netfilter even frames from one
 * port to another pass here. The program has stamped it.
 */
export function stamped(fan: Fan): Rule[] {
  return isStamped(fan) ? [rule(fromBridge(fan), `meta priority ${fromTunnelPriority} accept`)] : []
}

function isStamped(fan: Fan): boolean {
  return !isRouted(fan) && steeringOf(fan).checks
}

/**
 * A container sends from the slice, or from a network that somebody routes to the bridge. Where nothing tells what the
 * tunnel let in from what a container made up, all of a bridged overlay may come from there.
 */
export function fromContainers(fan: Fan): Rule[] {
  const [slice, overlay, behind] = [fanSliceOf(fan), fan.overlay, behindBridge(fan)].map(formatPrefix)
  const chain = fromBridge(fan)
  return [
    rule(chain, `ip saddr ${isStamped(fan) ? slice : behind} accept`),
    dropRule(chain, 'martian', `ip saddr ${overlay}`),
    dropRule(chain, 'martian', 'meta nfproto ipv4 fib saddr . iif oif missing'),
  ]
}

/** Containers of other hosts have their own host to send them on. Programs let in nothing that is not for this host. */
export function sentOn(fan: Fan): Rule[] {
  if (isRouted(fan) || steeringOf(fan).checks) return []
  const [slice, overlay] = [fanSliceOf(fan), fan.overlay].map(formatPrefix)
  const match = `iifname "${fan.bridge}" oifname != "${fan.bridge}" ip saddr ${overlay} ip saddr != ${slice}`
  return [dropRule('forward', 'martian', match)]
}

/**
 * Where no program checks what comes out of a routed tunnel: it is from the overlay, whichever host of it. And it is for
 * this host: else it would be sent on, with this host's outer address.
 */
export function outOfUncheckedTunnel(fan: Fan, fans: readonly Fan[]): Rule[] {
  const entrance = typeOf(fan).entrance(fan)
  if (!entrance || steeringOf(fan).checks || !isRouted(fan)) return []
  const [slice, overlay] = [fanSliceOf(fan), fan.overlay].map(formatPrefix)
  return [
    dropRule('prerouting', 'martian', `${entrance.through} ip daddr ${slice} ip saddr != ${overlay}`),
    dropRule('prerouting', 'martian', `${entrance.through} ip daddr != { ${slicesOf(fans)} }`),
  ]
}
