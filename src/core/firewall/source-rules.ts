/** Where a source address may come from. */
import { type Fan, fanSliceOf, isRouted, tunnelOf } from '../fan.js'
import { formatPrefix } from '../ipv4.js'
import { fromTunnelPriority } from '../steering/stamp.js'
import { dropRule, linksIn, type Rule, slicesOf } from './rule.js'

/** This host's own slice sends from its bridge. The same source from anywhere else was made up by a neighbour. */
export function ownSlice(fan: Fan): Rule[] {
  const match = `iifname != ${linksIn([fan.bridge, 'lo'])} ip saddr ${formatPrefix(fanSliceOf(fan))}`
  return [dropRule('prerouting', 'martian', match)]
}

/**
 * A packet from the overlay for any slice of this host has to come out of the tunnel, where its source was checked.
 * For other addresses of this host it may come straight: a fan without NAT sends so.
 */
export function throughTheTunnel(fan: Fan, fans: readonly Fan[]): Rule[] {
  const links = linksIn([fan.bridge, tunnelOf(fan), 'lo'])
  const match = `iifname != ${links} ip saddr ${formatPrefix(fan.overlay)} ip daddr { ${slicesOf(fans)} }`
  return [dropRule('prerouting', 'martian', match)]
}

/**
 * A container sends from the slice, or from a network that somebody routes to the bridge. Where the overlay is bridged,
 * all of it can come from there, and what the tunnel let in tells itself apart by its priority: with br_netfilter frames
 * between two ports pass here, too.
 */
export function fromContainers(fan: Fan): Rule[] {
  const [slice, overlay] = [fanSliceOf(fan), fan.overlay].map(formatPrefix)
  const others = `iifname "${fan.bridge}" ip saddr != ${isRouted(fan) ? slice : overlay} fib saddr . iif oif missing`
  const unstamped = `iifname "${fan.bridge}" ip saddr ${overlay} ip saddr != ${slice} meta priority != ${fromTunnelPriority}`
  return [
    dropRule('prerouting', 'martian', others),
    ...(isRouted(fan) || fan.steering !== 'ebpf' ? [] : [dropRule('prerouting', 'martian', unstamped)]),
  ]
}

/** Containers of other hosts have their own host to send them on. Programs let in nothing that is not for this host. */
export function sentOn(fan: Fan): Rule[] {
  if (isRouted(fan) || fan.steering === 'ebpf') return []
  const [slice, overlay] = [fanSliceOf(fan), fan.overlay].map(formatPrefix)
  const match = `iifname "${fan.bridge}" oifname != "${fan.bridge}" ip saddr ${overlay} ip saddr != ${slice}`
  return [dropRule('forward', 'martian', match)]
}

/**
 * Where no program checks what comes out of a routed tunnel: it is from the overlay, whichever host of it. And it is for
 * this host: else it would be sent on, with this host's outer address.
 */
export function outOfUncheckedTunnel(fan: Fan, fans: readonly Fan[]): Rule[] {
  if (fan.steering === 'ebpf' || !isRouted(fan)) return []
  const [slice, overlay] = [fanSliceOf(fan), fan.overlay].map(formatPrefix)
  return [
    dropRule('prerouting', 'martian', `iifname "${tunnelOf(fan)}" ip daddr ${slice} ip saddr != ${overlay}`),
    dropRule('prerouting', 'martian', `iifname "${tunnelOf(fan)}" ip daddr != { ${slicesOf(fans)} }`),
  ]
}
