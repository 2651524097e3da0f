/** A step is one effect, as data with before and after, so that undoing it is a function and not a memory. */
import type { Address, DhcpServer, Filter, Firewall, Link, Neighbour, Route } from './state.js'

/** What of a link can change while it exists. An empty `bridge` detaches it, an empty `alias` clears it. */
export interface LinkChange {
  readonly mac?: string
  readonly mtu?: number
  readonly alias?: string
  readonly bridge?: string
  readonly up?: boolean
}

export type Step =
  | { readonly kind: 'add-link' | 'del-link'; readonly link: Link }
  | { readonly kind: 'set-link'; readonly name: string; readonly from: LinkChange; readonly to: LinkChange }
  // The kernel renames no link that is up before Linux 6.2 (bd039b5ea2a9), so it is down afterwards.
  // A link cannot be called by one of its alternative names; `isAltname`: it has that one.
  | { readonly kind: 'rename-link'; readonly from: string; readonly to: string; readonly isAltname?: true }
  | { readonly kind: 'add-vni' | 'del-vni'; readonly link: string; readonly vni: number }
  | { readonly kind: 'add-clsact' | 'del-clsact'; readonly link: string }
  | { readonly kind: 'add-address' | 'del-address'; readonly address: Address }
  // All of one link at once: there may be thousands.
  | { readonly kind: 'add-routes' | 'del-routes'; readonly link: string; readonly routes: readonly Route[] }
  | {
      readonly kind: 'set-routes'
      readonly link: string
      readonly from: readonly Route[]
      readonly to: readonly Route[]
    }
  | {
      readonly kind: 'add-neighbours' | 'del-neighbours'
      readonly link: string
      readonly neighbours: readonly Neighbour[]
    }
  | { readonly kind: 'add-filter' | 'del-filter'; readonly filter: Filter }
  | { readonly kind: 'set-filter'; readonly from: Filter; readonly to: Filter }
  | { readonly kind: 'set-sysctl'; readonly key: string; readonly from: string | undefined; readonly to: string }
  | { readonly kind: 'set-firewall'; readonly from: Firewall | undefined; readonly to: Firewall | undefined }
  | { readonly kind: 'start-dhcp' | 'stop-dhcp'; readonly server: DhcpServer }
  | { readonly kind: 'set-file'; readonly name: string; readonly from?: string; readonly to?: string }

/**
 * The step that undoes a step, or undefined where nothing has to be: such settings go with their link, and one that has
 * its own name again keeps it.
 */
export function invert(step: Step): Step | undefined {
  switch (step.kind) {
    case 'add-link':
      return { ...step, kind: 'del-link' }
    case 'del-link':
      return { ...step, kind: 'add-link' }
    case 'add-vni':
      return { ...step, kind: 'del-vni' }
    case 'del-vni':
      return { ...step, kind: 'add-vni' }
    case 'add-clsact':
      return { ...step, kind: 'del-clsact' }
    case 'del-clsact':
      return { ...step, kind: 'add-clsact' }
    case 'add-address':
      return { ...step, kind: 'del-address' }
    case 'del-address':
      return { ...step, kind: 'add-address' }
    case 'add-routes':
      return { ...step, kind: 'del-routes' }
    case 'del-routes':
      return { ...step, kind: 'add-routes' }
    case 'add-neighbours':
      return { ...step, kind: 'del-neighbours' }
    case 'del-neighbours':
      return { ...step, kind: 'add-neighbours' }
    case 'add-filter':
      return { ...step, kind: 'del-filter' }
    case 'del-filter':
      return { ...step, kind: 'add-filter' }
    case 'start-dhcp':
      return { ...step, kind: 'stop-dhcp' }
    case 'stop-dhcp':
      return step.server.running ? { ...step, kind: 'start-dhcp' } : undefined
    case 'rename-link':
      return undefined
    case 'set-sysctl':
      return step.from === undefined ? undefined : { ...step, from: step.to, to: step.from }
    case 'set-link':
      return { ...step, from: step.to, to: step.from }
    case 'set-routes':
      return { ...step, from: step.to, to: step.from }
    case 'set-filter':
      return { ...step, from: step.to, to: step.from }
    case 'set-firewall':
      return { ...step, from: step.to, to: step.from }
    case 'set-file':
      return setFile(step.name, step.to, step.from)
    default:
      return step satisfies never
  }
}

/** A file from one text to another; undefined: no file. */
export function setFile(name: string, from: string | undefined, to: string | undefined): Step {
  return { kind: 'set-file', name, ...(from !== undefined && { from }), ...(to !== undefined && { to }) }
}

/** The steps that undo steps, last one first. */
export function invertAll(steps: readonly Step[]): Step[] {
  return [...steps].reverse().flatMap((step) => invert(step) ?? [])
}

/** The link that a step is about, or whose server or record it is about; undefined where it is the whole host. */
export function linkOf(step: Step): string | undefined {
  switch (step.kind) {
    case 'add-link':
    case 'del-link':
      return step.link.name
    case 'set-link':
      return step.name
    case 'rename-link':
      return step.to
    case 'add-vni':
    case 'del-vni':
    case 'add-clsact':
    case 'del-clsact':
    case 'add-routes':
    case 'del-routes':
    case 'set-routes':
    case 'add-neighbours':
    case 'del-neighbours':
      return step.link
    case 'add-address':
    case 'del-address':
      return step.address.link
    case 'add-filter':
    case 'del-filter':
      return step.filter.link
    case 'set-filter':
      return step.to.link
    case 'start-dhcp':
    case 'stop-dhcp':
      return step.server.bridge
    case 'set-sysctl':
      return step.key.match(/^net\/ipv[46]\/(?:conf|neigh)\/(?!all\/|default\/)([^/]+)\//)?.[1]
    case 'set-firewall':
    case 'set-file':
      return undefined
    default:
      return step satisfies never
  }
}
