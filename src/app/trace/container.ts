/** The stage of an address on this host: which container has it, by its lease and by the port it was seen behind. */
import type { Fan } from '../../core/fan.js'
import { formatAddress } from '../../core/ipv4.js'
import type { Answer } from '../../core/probe.js'
import { shellWord } from '../../core/shell-word.js'
import { portsOf } from '../fan/ports.js'
import type { FoundLease, FoundNeighbours } from '../ports/lookups.js'
import type { Observation } from '../ports/machine.js'
import type { OverlayPlace } from './place.js'
import { failed, ok, type Stage, warning } from './stages.js'

export interface Container {
  /** What ARP says; undefined: nobody was seen with this address. */
  readonly mac: string | undefined
  /** The link on the bridge. */
  readonly port: string | undefined
  readonly lease: FoundLease | undefined
  /** Where the port leads, in words; undefined where that cannot be seen. */
  readonly otherEnd?: string | undefined
}

/** What is known about who has an address of this host's slice. */
export function containerOf(
  { address, fan }: OverlayPlace,
  seen: FoundNeighbours,
  leases: readonly FoundLease[],
  found: Observation,
): Container {
  const lease = leases.find((one) => one.bridge === fan.bridge && one.address === address)
  const entry = seen.addresses.find((one) => one.address === address && one.link === fan.bridge)
  const mac = entry && entry.state !== 'silent' ? entry.mac : undefined
  const wanted = mac ?? lease?.mac.toLowerCase()
  const ports = new Set(portsOf(fan, found))
  return {
    mac,
    port: seen.stations.find((one) => one.mac === wanted && ports.has(one.port))?.port,
    lease,
  }
}

/** `now` tells a lease that is over. */
export function containerStage(
  place: OverlayPlace,
  container: Container,
  answer: Answer | undefined,
  found: Observation,
  now: Date,
): Stage {
  const { fan } = place
  const { mac, port, lease, otherEnd } = container
  const text = formatAddress(place.address)
  const leased = leaseText(lease, fan.dhcp, now)
  const isSilent = answer !== undefined && answer.kind !== 'answered'
  if (isSilent && (mac === undefined || port === undefined))
    return failed('container', `no container on ${fan.bridge} has ${text}; ${leased}`, [
      lease
        ? `the container ${lease.hostname ?? lease.mac} is stopped, has lost its address, or is no longer on this bridge`
        : 'a name or a client may still point to a container that is gone',
      attachedText(fan, found),
    ])
  if (port === undefined)
    return warning('container', `${text} was not seen on ${fan.bridge} recently; ${leased}`, [attachedText(fan, found)])
  const link = found.links.find(({ name }) => name === port)
  const at = `on port ${port} of ${fan.bridge}, MAC ${mac ?? lease?.mac}${otherEnd ? `, in ${otherEnd}` : ''}; ${leased}`
  if (link && (!link.up || !link.carrier))
    return failed('container', `${at}; but ${port} ${link.up ? 'has no carrier' : 'is down'}`, [
      link.up
        ? 'the other end of its veth pair is down, or its container is stopped'
        : `ip link set dev ${shellWord(port)} up`,
    ])
  if (mac !== undefined && lease && lease.mac.toLowerCase() !== mac)
    return warning('container', at, [
      `DHCP gave ${text} to ${lease.mac}, but ${mac} uses it: two containers may have it, one of them set by hand`,
    ])
  return ok('container', at)
}

/** The ports of a bridge, and which of them are of no use. */
function attachedText(fan: Fan, found: Observation): string {
  const ports = portsOf(fan, found).map((port) => {
    const link = found.links.find(({ name }) => name === port)
    return link && (!link.up || !link.carrier) ? `${port} (${link.up ? 'no carrier' : 'down'})` : port
  })
  return ports.length > 0 ? `attached to ${fan.bridge}: ${ports.join(', ')}` : `nothing is attached to ${fan.bridge}`
}

function leaseText(lease: FoundLease | undefined, dhcp: boolean, now: Date): string {
  if (!lease) return dhcp ? 'no lease' : 'no lease (this fan has no DHCP)'
  const { expires } = lease
  const until =
    expires === undefined ? 'never expires' : `${expires < now ? 'expired' : 'expires'} ${expires.toISOString()}`
  return `lease of ${lease.hostname ?? 'an unnamed container'} (${lease.mac}) ${until}`
}
