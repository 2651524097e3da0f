/**
 * Steps sorted by the thing that they mend. A bridge that was removed takes its address, its ports and its server with
 * it: all of that is one repair, to be done as a whole and told in one line. No repair needs a later one.
 */
import { type Fan, sharesTunnel, tunnelOf } from './fan.js'
import { contains, formatPrefix, type Prefix } from './ipv4.js'
import { wordsFor } from './repair-words.js'
import type { Route } from './state.js'
import { belongsTo } from './steering/filters.js'
import { linkOf, type Step } from './step.js'

export type RepairKind =
  | 'underlay'
  | 'link'
  | 'mtu'
  | 'vni'
  | 'steering'
  | 'address'
  | 'route'
  | 'firewall'
  | 'sysctl'
  | 'dhcp'
  | 'file'

/** A fan whose host has another address now. */
export interface Move {
  readonly from: Fan
  readonly to: Fan
}

export interface Repair {
  readonly kind: RepairKind
  /** What is mended, the same text each time, such as `link fan-250`. */
  readonly thing: string
  /** The fan that it is about; undefined: several, or all of them. */
  readonly bridge: string | undefined
  /** What is done, in words. */
  readonly what: string
  readonly steps: readonly Step[]
}

/** All steps, each in one repair, in an order in which they can be done. */
export function repairsIn(steps: readonly Step[], fans: readonly Fan[], moves: readonly Move[] = []): Repair[] {
  const repairs = new Map<string, { kind: RepairKind; steps: Step[] }>()
  const context = { steps, fans, remade: new Set(steps.flatMap(remadeBy)), resized: new Set(steps.flatMap(resizedBy)) }
  for (const step of steps) {
    const move = moves.find(({ to }) => fanOf(step, [to]) || step.kind === 'set-firewall')
    const { kind, name } = move ? { kind: 'underlay' as const, name: move.to.bridge } : thingOf(step, context)
    const thing = `${kind} ${name}`.trim()
    const known = repairs.get(thing)
    if (known) known.steps.push(step)
    else repairs.set(thing, { kind, steps: [step] })
  }
  return [...repairs].map(([thing, { kind, steps: own }]) => ({
    kind,
    thing,
    bridge: onlyFanOf(own, fans)?.bridge,
    what: wordsFor(kind, own, moves),
    steps: own,
  }))
}

/** Undefined where several fans share what is mended, or all do. */
function onlyFanOf(steps: readonly Step[], fans: readonly Fan[]): Fan | undefined {
  const [only, second] = new Set(steps.flatMap((step) => fanOf(step, fans) ?? []))
  return second ? undefined : only
}

interface Thing {
  readonly kind: RepairKind
  readonly name: string
}

interface Context {
  readonly steps: readonly Step[]
  readonly fans: readonly Fan[]
  /** The links that are made or come up again, which bring back what the kernel dropped with them. */
  readonly remade: ReadonlySet<string>
  /** The links of which nothing but the MTU changes. */
  readonly resized: ReadonlySet<string>
}

function remadeBy(step: Step): string[] {
  if (step.kind === 'add-link') return [step.link.name]
  if (step.kind === 'rename-link') return [step.to]
  return step.kind === 'set-link' && step.to.up ? [step.name] : []
}

function resizedBy(step: Step): string[] {
  const isResize = step.kind === 'set-link' && Object.keys(step.to).join() === 'mtu'
  return isResize ? [step.name] : []
}

function thingOf(step: Step, context: Context): Thing {
  // A route needs its source, which may come back with another link than the route's own.
  const giver = step.kind === 'add-routes' && giverOf(step.routes, context)
  if (giver) return thingOf(giver, context)
  const link = linkOf(step)
  if (link === undefined) return plainThing(step)
  const root = rootOf(step, link, context)
  if (context.remade.has(root)) return { kind: 'link', name: root }
  if (context.resized.has(link) && belongsToMtu(step)) return { kind: 'mtu', name: resizedFan(link, context) }
  return plainThing(step)
}

/** The last one: fans that share a tunnel have their routes in one step. */
function giverOf(routes: readonly Route[], { steps }: Context): Step | undefined {
  const sources = new Set(routes.map(({ source }) => source))
  return steps.filter((step) => step.kind === 'add-address' && sources.has(step.address.prefix.address)).at(-1)
}

/** A link that is attached to a bridge which is made again comes back with that, all of it if it is made again, too. */
function rootOf(step: Step, link: string, { steps, remade }: Context): string {
  const attaching = steps.filter((one) => one.kind === 'set-link' && one.name === link && one.to.bridge !== undefined)
  const [first] = remade.has(link) ? attaching : attaching.filter((one) => one === step)
  const bridge = first?.kind === 'set-link' ? first.to.bridge : undefined
  return bridge !== undefined && remade.has(bridge) ? bridge : link
}

/** IPv6 and its settings come and go at 1280 bytes, and DHCP tells the MTU. */
function belongsToMtu({ kind }: Step): boolean {
  return kind === 'set-link' || kind === 'set-sysctl' || kind === 'start-dhcp' || kind === 'stop-dhcp'
}

function resizedFan(link: string, { fans, resized }: Context): string {
  const users = fans.filter((fan) => fan.bridge === link || tunnelOf(fan) === link)
  return (users.find((fan) => resized.has(fan.bridge)) ?? users[0])?.bridge ?? link
}

/** What a step is about, seen alone. */
function plainThing(step: Step): Thing {
  switch (step.kind) {
    case 'add-link':
    case 'del-link':
      return { kind: 'link', name: step.link.name }
    case 'set-link':
      return { kind: 'link', name: step.name }
    case 'rename-link':
      return { kind: 'link', name: step.to }
    case 'add-vni':
    case 'del-vni':
      return { kind: 'vni', name: step.link }
    case 'add-clsact':
    case 'del-clsact':
      return { kind: 'steering', name: step.link }
    case 'add-filter':
    case 'del-filter':
      return { kind: 'steering', name: step.filter.link }
    case 'set-filter':
      return { kind: 'steering', name: step.to.link }
    case 'add-address':
    case 'del-address':
      return { kind: 'address', name: `${formatPrefix(step.address.prefix)} ${step.address.link}` }
    case 'add-routes':
    case 'del-routes':
    case 'set-routes':
    case 'add-neighbours':
    case 'del-neighbours':
      return { kind: 'route', name: step.link }
    case 'set-firewall':
      return { kind: 'firewall', name: '' }
    case 'set-sysctl':
      return { kind: 'sysctl', name: step.key }
    case 'start-dhcp':
    case 'stop-dhcp':
      return { kind: 'dhcp', name: step.server.bridge }
    case 'set-file':
      return { kind: 'file', name: step.name }
    default:
      return step satisfies never
  }
}

/** The fan that a step is about. What is on a tunnel that fans share is told apart by the overlay. */
function fanOf(step: Step, fans: readonly Fan[]): Fan | undefined {
  const link = linkOf(step)
  const attachedTo = step.kind === 'set-link' ? step.to.bridge : undefined
  const own = fans.find(({ bridge }) => bridge === link || bridge === attachedTo)
  if (own) return own
  if (step.kind === 'set-file') return fans.find(({ bridge }) => step.name.startsWith(`${bridge}.`))
  const users = fans.filter((fan) => tunnelOf(fan) === link)
  return users.find((fan) => isOn(step, fan.overlay)) ?? users.find((fan) => !sharesTunnel(fan))
}

/** A fan's filters have the address of its overlay as their handle, and its routes lie within. */
function isOn(step: Step, overlay: Prefix): boolean {
  switch (step.kind) {
    case 'add-filter':
    case 'del-filter':
      return belongsTo(step.filter, { overlay })
    case 'set-filter':
      return belongsTo(step.to, { overlay })
    case 'add-routes':
    case 'del-routes':
      return step.routes.every(({ prefix }) => contains(overlay, prefix.address))
    case 'set-routes':
      return step.to.every(({ prefix }) => contains(overlay, prefix.address))
    default:
      return false
  }
}
