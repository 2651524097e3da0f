/** `trace`. */
import * as z from 'zod/mini'
import { type Place, roles, sides } from '../app/trace/place.js'
import { stageNames, stageStates } from '../app/trace/stages.js'
import type { Trace } from '../app/trace/trace.js'
import type { Fan } from '../core/fan.js'
import { gatewayOf, sliceOf } from '../core/fan-map.js'
import { formatAddress, formatPrefix, type Ipv4 } from '../core/ipv4.js'
import { answerKinds } from '../core/probe.js'
import { typeNames } from '../core/types/types.js'
import { format, warnings } from './parts.js'

const stage = () =>
  z.object({
    stage: z.enum(stageNames),
    state: z.enum(stageStates),
    text: z.string(),
    /** What that usually means, and what to do next. */
    hints: z.array(z.string()),
  })

const fan = () =>
  z.object({
    bridge: z.string(),
    overlay: z.string(),
    underlay: z.string(),
    type: z.enum(typeNames),
    slice: z.string(),
    gateway: z.string(),
  })

const route = () =>
  z.object({
    link: z.string(),
    via: z.nullable(z.string()),
    source: z.nullable(z.string()),
    mtu: z.nullable(z.int()),
  })

const lease = () => z.object({ mac: z.string(), hostname: z.nullable(z.string()), expires: z.nullable(z.string()) })

const container = () =>
  z.object({
    port: z.nullable(z.string()),
    mac: z.nullable(z.string()),
    otherEnd: z.nullable(z.string()),
    lease: z.nullable(lease()),
  })

const probe = () =>
  z.object({
    to: z.string(),
    from: z.nullable(z.string()),
    /** Of a packet that must not be fragmented; null: a small one. */
    bytes: z.nullable(z.int()),
    result: z.enum(answerKinds),
    milliseconds: z.nullable(z.number()),
    /** Bytes that get through, where more do not. */
    largest: z.nullable(z.int()),
  })

export const traceSchema = () =>
  z.object({
    format: format(),
    address: z.string(),
    side: z.enum(sides),
    /** What the address is within its slice; null for one that is not of an overlay. */
    role: z.nullable(z.enum(roles)),
    /** The underlay address of the host that owns it; null outside of every fan. */
    owner: z.nullable(z.string()),
    /** Whether that is this host. */
    isHere: z.boolean(),
    /** One for an address of an overlay; all over the same underlay for one of that. */
    fans: z.array(fan()),
    /** How packets leave this host on the underlay; null where they do not. */
    route: z.nullable(route()),
    /** Who has an address on this host; null for other addresses. */
    container: z.nullable(container()),
    probes: z.array(probe()),
    stages: z.array(stage()),
    /** Null: nobody was asked. */
    answers: z.nullable(z.boolean()),
    /** Null: nothing stops a packet, as far as can be seen from here. */
    stopsAt: z.nullable(z.enum(stageNames)),
    /** What exit status 0 means. */
    complete: z.boolean(),
    warnings: warnings(),
  })
export type TraceView = z.infer<ReturnType<typeof traceSchema>>

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
