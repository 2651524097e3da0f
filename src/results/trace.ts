/** A trace as the plain data that --json prints. */
import type { Place } from '../app/trace/place.js'
import type { Trace } from '../app/trace/trace.js'
import type { Fan } from '../core/fan.js'
import { gatewayOf, sliceOf } from '../core/fan-map.js'
import { formatAddress, formatPrefix, type Ipv4 } from '../core/ipv4.js'
import type { TraceView } from './results.js'

export function viewTrace({
  place,
  stages,
  answers,
  stopsAt,
  complete,
  path,
  container,
  probes,
  warnings,
}: Trace): TraceView {
  const owner = ownerIn(place)
  return {
    format: 1,
    address: formatAddress(place.address),
    side: place.side,
    role: place.side === 'overlay' ? place.role : null,
    owner: text(owner),
    isHere: place.side !== 'outside' && place.isHere,
    fans: owner === undefined ? [] : fansIn(place).map((fan) => viewFan(fan, owner)),
    route:
      path === undefined || typeof path === 'string'
        ? null
        : { link: path.link, via: text(path.via), source: text(path.source), mtu: path.mtu ?? null },
    container: container ? viewContainer(container) : null,
    probes: probes.map(({ to, from, bytes, answer, largest }) => ({
      to: formatAddress(to),
      from: text(from),
      bytes: bytes ?? null,
      result: answer.kind,
      milliseconds: answer.kind === 'answered' ? answer.milliseconds : null,
      largest: largest ?? null,
    })),
    stages: stages.map((one) => ({ ...one, hints: [...one.hints] })),
    answers: answers ?? null,
    stopsAt: stopsAt ?? null,
    complete,
    warnings: [...warnings],
  }
}

function text(address: Ipv4 | undefined): string | null {
  return address === undefined ? null : formatAddress(address)
}

function ownerIn(place: Place): Ipv4 | undefined {
  if (place.side === 'overlay') return place.owner
  return place.side === 'underlay' ? place.address : undefined
}

function fansIn(place: Place): readonly Fan[] {
  if (place.side === 'overlay') return [place.fan]
  return place.side === 'underlay' ? place.fans : []
}

function viewFan(fan: Fan, owner: Ipv4): TraceView['fans'][number] {
  const slice = sliceOf(fan, owner)
  return {
    bridge: fan.bridge,
    overlay: formatPrefix(fan.overlay),
    underlay: formatPrefix(fan.underlay),
    type: fan.encapsulation,
    slice: formatPrefix(slice),
    gateway: formatAddress(gatewayOf(slice)),
  }
}

function viewContainer({ port, mac, otherEnd, lease }: NonNullable<Trace['container']>): TraceView['container'] {
  return {
    port: port ?? null,
    mac: mac ?? null,
    otherEnd: otherEnd ?? null,
    lease: lease
      ? { mac: lease.mac, hostname: lease.hostname ?? null, expires: lease.expires?.toISOString() ?? null }
      : null,
  }
}
