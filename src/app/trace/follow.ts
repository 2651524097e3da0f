/** What is looked at and asked, in which order, for an address of each side. */
import { type Fan, fanSliceOf, typeOf } from '../../core/fan.js'
import { gatewayOf, sliceOf } from '../../core/fan-map.js'
import { formatAddress, type Ipv4 } from '../../core/ipv4.js'
import { underlayMtuOf } from '../fan/desired.js'
import { countsOf, type ShownFan, showFound } from '../fan/show.js'
import type { FoundPath, Lookups } from '../ports/lookups.js'
import type { Machine, Observation } from '../ports/machine.js'
import { fanStage, outsideAddressStage, overlayAddressStage, underlayAddressStage } from './address.js'
import { answered, answersOf, gatewayStage, hereStage, hostStage, targetStage } from './answers.js'
import { type Container, containerOf, containerStage } from './container.js'
import type { OutsidePlace, OverlayPlace, Place, UnderlayPlace } from './place.js'
import type { Prober } from './prober.js'
import { type Sizes, sizeStage } from './size-stage.js'
import { type Stage, settle } from './stages.js'
import { overlayStage, underlayStage } from './way.js'

export interface Findings {
  readonly stages: readonly Stage[]
  /** Whether the address answers; undefined: nobody asked. */
  readonly answers: boolean | undefined
  /** The route to the owner, or to the address itself where no fan is involved, or why there is none. */
  readonly path?: FoundPath | string
  /** For an address on this host. */
  readonly container?: Container
}

/** What is asked of, and by what. */
export interface Sources {
  readonly machine: Machine
  readonly lookups: Lookups
  readonly found: Observation
  readonly fans: readonly Fan[]
  readonly prober: Prober
}

/** Follows a packet as far as it can be seen from here. */
export async function follow(sources: Sources, place: Place): Promise<Findings> {
  switch (place.side) {
    case 'outside':
      return await followOutside(sources, place)
    case 'underlay':
      return await followUnderlay(sources, place)
    case 'overlay': {
      const shown = showFound(sources.machine, sources.found).fans.find(({ fan }) => fan.bridge === place.fan.bridge)
      const stages = [overlayAddressStage(place), ...(shown ? [fanStage(shown, sources.machine.privileged)] : [])]
      if (stages[0]?.state === 'failed' || !shown) return { stages, answers: undefined }
      return place.isHere
        ? await followHere(sources, place, shown, stages)
        : await followAway(sources, place, shown, stages)
    }
    default:
      return place satisfies never
  }
}

/** To another host: into the tunnel, over the underlay, out of the other tunnel. */
async function followAway(sources: Sources, place: OverlayPlace, shown: ShownFan, first: Stage[]): Promise<Findings> {
  const { machine, lookups, found, prober } = sources
  const { fan, owner, gateway, address } = place
  const from = gatewayOf(fanSliceOf(fan))
  const path = await routeOut(sources, fan, owner)
  const isRouted = typeof path !== 'string' && path.kind === 'unicast'
  const ask = async (to: Ipv4, source: Ipv4) => (isRouted ? await prober.ask(to, source) : undefined)
  const owning = await ask(owner, fan.host)
  const before = machine.privileged ? countsOf(machine, fan, found) : undefined
  const near = await ask(gateway, from)
  const after = machine.privileged ? countsOf(machine, fan, found) : undefined
  const there = place.role === 'gateway' ? near : await ask(address, from)
  const bytes = shown.mtu + typeOf(fan).overhead
  const onUnderlay = answered(owning) ? await prober.askSize(owner, fan.host, bytes) : undefined
  const inFan = answered(near) ? await prober.askSize(gateway, from, shown.mtu) : undefined
  const isWhole = [onUnderlay, inFan].every((one) => !one || answered(one.answer))
  const toTarget =
    isWhole && answered(there) && place.role !== 'gateway' ? await prober.askSize(address, from, shown.mtu) : undefined
  const sizes: Sizes = {
    ...(onUnderlay && { host: onUnderlay }),
    ...(inFan && { gateway: inFan }),
    ...(toTarget && { target: toTarget }),
  }
  const neighbours = await lookups.neighbours()
  const natural = await lookups.routeTo(owner)
  const stages = [
    ...first,
    overlayStage(place, { path: await lookups.routeTo(address), mtu: shown.mtu, neighbours }, found),
    underlayStage({ to: owner, fan, path, natural, bytes, neighbours, isAsked: owning !== undefined }, found),
    hostStage(owner, owning, 'the fan is at fault, because its gateway does not answer either'),
    gatewayStage(place, owning, near, before && after && { before, after }),
    ...(place.role === 'gateway' ? [] : [targetStage(place, near, there)]),
    sizeStage(fan, sizes),
  ]
  return { stages: settle(stages, answered(there)), answers: answersOf(there), path }
}

/** To a container of this host, or to its own gateway. */
async function followHere(sources: Sources, place: OverlayPlace, shown: ShownFan, first: Stage[]): Promise<Findings> {
  const { lookups, found, prober } = sources
  const { fan, gateway, address } = place
  const answer = await prober.ask(address, gateway)
  if (place.role === 'gateway') {
    const stages = [...first, gatewayStage(place, undefined, answer, undefined)]
    return { stages: settle(stages, answered(answer)), answers: answersOf(answer) }
  }
  const target = answered(answer) ? await prober.askSize(address, gateway, shown.mtu) : undefined
  const seen = containerOf(place, await lookups.neighbours(), lookups.leases(), found)
  const otherEnd = seen.port === undefined ? undefined : await lookups.otherEndOf(seen.port)
  const container = { ...seen, otherEnd }
  const stages = [
    ...first,
    containerStage(place, container, answer, found, new Date()),
    hereStage(place, answer),
    sizeStage(fan, target ? { target } : {}),
  ]
  return { stages: settle(stages, answered(answer)), answers: answersOf(answer), container }
}

/** To a host itself. */
async function followUnderlay(sources: Sources, place: UnderlayPlace): Promise<Findings> {
  const { lookups, found, prober } = sources
  const { address, fans, isHere } = place
  const [fan] = fans
  const stage = underlayAddressStage(place)
  if (stage.state === 'failed') return { stages: [stage], answers: undefined }
  const path = await routeOut(sources, fan, address)
  const isRouted = typeof path !== 'string'
  const answer = isRouted ? await prober.ask(address, isHere ? undefined : fan.host) : undefined
  const bytes = isHere ? 0 : Math.max(...fans.map((one) => outerBytesOf(one, sources)))
  const size = answered(answer) && !isHere ? await prober.askSize(address, fan.host, bytes) : undefined
  const neighbours = await lookups.neighbours()
  const natural = await lookups.routeTo(address)
  const stages = [
    stage,
    underlayStage(
      { to: address, fan: isHere ? undefined : fan, path, natural, bytes, neighbours, isAsked: answer !== undefined },
      found,
    ),
    hostStage(address, answer, `trace its gateway: fanctl trace ${formatAddress(gatewayOf(sliceOf(fan, address)))}`),
    ...(isHere ? [] : [sizeStage(fan, size ? { host: size } : {})]),
  ]
  return { stages: settle(stages, answered(answer)), answers: answersOf(answer), path }
}

/** What the fan's largest packets have on the underlay, headers and all. */
function outerBytesOf(fan: Fan, { found }: Sources): number {
  const most = underlayMtuOf(fan, found)
  return fan.mtu === undefined ? most : Math.min(most, fan.mtu + typeOf(fan).overhead)
}

/** To nowhere in a fan: only what this host's routes say. */
async function followOutside(sources: Sources, place: OutsidePlace): Promise<Findings> {
  const { lookups, fans, found } = sources
  const route = await lookups.routeTo(place.address)
  const path = typeof route === 'string' ? route : { ...route, mtu: mtuOf(route, found) }
  const neighbours = await lookups.neighbours()
  const way = { to: place.address, fan: undefined, path, natural: path, bytes: 0, neighbours, isAsked: false }
  const stages = [outsideAddressStage(place, fans, found), underlayStage(way, found)]
  return { stages, answers: undefined, path }
}

/** The route from the fan's own address, which the kernel only answers for while this host has it. */
async function routeOut({ lookups, found }: Sources, fan: Fan, to: Ipv4): Promise<FoundPath | string> {
  const isOwn = found.addresses.some(({ prefix }) => prefix.address === fan.host)
  const path = await lookups.routeTo(to, isOwn ? fan.host : undefined)
  return typeof path === 'string' ? path : { ...path, source: path.source ?? fan.host, mtu: mtuOf(path, found) }
}

/** A route without an MTU of its own has its link's. */
function mtuOf(path: FoundPath, found: Observation): number | undefined {
  return path.mtu ?? found.links.find(({ name }) => name === path.link)?.mtu
}
