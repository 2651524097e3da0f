/** Repairs in words, one line each. */
import { fanSliceOf, hostTextOf } from './fan.js'
import { formatPrefix } from './ipv4.js'
import type { Move, RepairKind } from './repairs.js'
import type { Route } from './state.js'
import { linkOf, type Step } from './step.js'

type OfKind<One, Kind> = One extends { readonly kind: infer Known } ? (Kind extends Known ? One : never) : never
type StepOf<Kind extends Step['kind']> = OfKind<Step, Kind>

/** What the steps of one repair do. `moves` are the fans that follow their host to another address. */
export function wordsFor(kind: RepairKind, steps: readonly Step[], moves: readonly Move[]): string {
  const words = kind === 'underlay' ? moveWords(steps, moves) : wordsOf(steps)
  return words.length > 0 ? words.join('; ') : 'repaired'
}

/** The steps of a moved fan are many, and follow from one thing. */
function moveWords(steps: readonly Step[], moves: readonly Move[]): string[] {
  const links = new Set(steps.map(linkOf))
  return moves
    .filter(({ to }) => links.has(to.bridge))
    .map(
      ({ from, to }) =>
        `followed this host from ${hostTextOf(from)} to ${hostTextOf(to)}; its slice is now ${formatPrefix(fanSliceOf(to))} (was ${formatPrefix(fanSliceOf(from))})`,
    )
}

/** A link that is made again is reported without what comes with it. */
function wordsOf(steps: readonly Step[]): string[] {
  const made = only(steps, 'add-link')
  if (made.length > 0)
    return [`restored ${joined(made.map(({ link }) => `${nameOfKind(link.kind)} ${link.name}`))}${portWords(steps)}`]
  const renames = only(steps, 'rename-link')
  if (renames.length > 0) return renames.map(({ from, to }) => `renamed ${from} back to ${to}`)
  const changes = only(steps, 'set-link')
  const resized = changes.filter(({ to }) => to.mtu !== undefined)
  return [
    ...changes.flatMap(changeWords),
    ...resizeWords(resized),
    ...(changes.length > 0 ? [] : steps.flatMap((step) => stepWords(step, steps))),
  ]
}

function nameOfKind(kind: StepOf<'add-link'>['link']['kind']): string {
  return kind === 'bridge' ? 'bridge' : 'tunnel'
}

/** Links that are attached to a bridge again. */
function portWords(steps: readonly Step[]): string {
  const made = new Set(only(steps, 'add-link').map(({ link }) => link.name))
  const ports = only(steps, 'set-link').filter(({ name, to }) => to.bridge && !made.has(name))
  return ports.length > 0
    ? ` with its ${ports.length === 1 ? 'port' : 'ports'} ${joined(ports.map(({ name }) => name))}`
    : ''
}

function changeWords({ name, from, to }: StepOf<'set-link'>): string[] {
  return [
    ...(to.up === undefined ? [] : [`set ${name} ${to.up ? 'up' : 'down'} again`]),
    ...(to.bridge === undefined ? [] : [to.bridge ? `attached ${name} to ${to.bridge} again` : `detached ${name}`]),
    ...(to.mac === undefined ? [] : [`set the MAC address of ${name} to ${to.mac} (was ${from.mac})`]),
    ...(to.alias === undefined ? [] : [`restored the alias of ${name}`]),
  ]
}

/** A bridge and its tunnel have one MTU. */
function resizeWords(steps: readonly StepOf<'set-link'>[]): string[] {
  const [first] = steps
  if (!first) return []
  return [`set the MTU of ${joined(steps.map(({ name }) => name))} to ${first.to.mtu} (was ${first.from.mtu})`]
}

function stepWords(step: Step, all: readonly Step[]): string[] {
  switch (step.kind) {
    case 'add-vni':
      return [`restored VNI ${step.vni} on ${step.link}`]
    case 'del-vni':
      return [`removed VNI ${step.vni} from ${step.link}`]
    case 'add-filter':
    case 'set-filter':
    case 'del-filter':
      return isFirstFilter(step, all) ? [steeringWords(all)] : []
    case 'add-address':
      return [`restored address ${formatPrefix(step.address.prefix)} on ${step.address.link}`]
    case 'del-address':
      return [`removed address ${formatPrefix(step.address.prefix)} from ${step.address.link}: it belongs to no fan`]
    case 'add-routes':
      return [`restored ${routeWords(step.routes)} dev ${step.link}`]
    case 'set-routes':
      return [`corrected ${routeWords(step.to)} dev ${step.link}`]
    case 'del-routes':
      return [`removed ${routeWords(step.routes)} dev ${step.link}: ${belongTo(step.routes)} no fan`]
    case 'add-neighbours':
      return [`restored ${step.neighbours.length} next hops on ${step.link}`]
    case 'del-neighbours':
      return [`removed ${step.neighbours.length} next hops from ${step.link}: they belong to no fan`]
    case 'set-firewall':
      return [`${step.from ? 'corrected' : 'restored'} the nftables table inet fanctl`]
    case 'set-sysctl':
      return [`set ${step.key.replaceAll('/', '.')} to ${step.to} (was ${step.from ?? 'missing'})`]
    case 'start-dhcp':
      return [`started dnsmasq on ${step.server.bridge} again`]
    case 'set-file':
      return [`${step.to === undefined ? 'removed' : 'wrote'} ${step.name}`]
    case 'del-link':
      return [`removed ${nameOfKind(step.link.kind)} ${step.link.name}: it belongs to no fan`]
    default:
      return []
  }
}

/** A fan that is steered by routes has thousands of them. */
const mostNamed = 3

function routeWords(routes: readonly Route[]): string {
  if (routes.length > mostNamed) return `${routes.length} routes`
  return `${routes.length === 1 ? 'route' : 'routes'} ${joined(routes.map(({ prefix }) => formatPrefix(prefix)))}`
}

function belongTo(all: readonly unknown[]): string {
  return all.length === 1 ? 'it belongs to' : 'they belong to'
}

const filterKinds: readonly Step['kind'][] = ['add-filter', 'set-filter', 'del-filter']

function isFirstFilter(step: Step, all: readonly Step[]): boolean {
  return all.find(({ kind }) => filterKinds.includes(kind)) === step
}

function steeringWords(all: readonly Step[]): string {
  const filters = all.flatMap((step) => {
    if (step.kind === 'set-filter') return step.to
    return step.kind === 'add-filter' || step.kind === 'del-filter' ? step.filter : []
  })
  const programs = joined(filters.map(({ name, direction }) => `${name} (${direction})`))
  return `restored the steering ${filters.length === 1 ? 'program' : 'programs'} ${programs} of ${filters[0]?.link}`
}

function only<Kind extends Step['kind']>(steps: readonly Step[], kind: Kind): StepOf<Kind>[] {
  return steps.filter((step): step is StepOf<Kind> => step.kind === kind)
}

/** `a`, `a and b`, `a, b and c`. */
function joined(names: readonly string[]): string {
  return [names.slice(0, -1).join(', '), names.at(-1) ?? ''].filter((part) => part !== '').join(' and ')
}
