/** States as they are after changes: as on any host in memory, but nothing may hang on a link that goes. */
import type { Change } from '../../src/core/change.js'
import type { State } from '../../src/core/state.js'
import { perform as performOn } from '../fake/memory.js'

export function performAll(changes: readonly Change[], state: State): State {
  return changes.reduce((now, change) => perform(change, now), state)
}

export function perform(change: Change, state: State): State {
  if (change.object === 'link' && !change.after) expectBare(change.link ?? '', state)
  const { firewall, ...rest } = performOn(change, state)
  return firewall ? { ...rest, firewall } : rest
}

function expectBare(name: string, { links, addresses, routes, neighbours, filters, dhcpServers }: State): void {
  const hanging = [...addresses, ...routes, ...neighbours, ...filters].some((one) => one.link === name)
  if (hanging || dhcpServers.some(({ bridge }) => bridge === name)) throw new Error(`something still hangs on ${name}`)
  if (links.some((link) => link.bridge === name)) throw new Error(`${name} still has a port`)
}

/** A state whose lists have one order, so that equal states compare as equal. */
export function sorted(state: State): State {
  const byText = <T>(all: readonly T[]) => [...all].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  return {
    ...state,
    links: byText(state.links.map((link) => (link.kind === 'vxlan' ? { ...link, vnis: byText(link.vnis) } : link))),
    addresses: byText(state.addresses),
    routes: byText(state.routes),
    neighbours: byText(state.neighbours),
    // A name has a digest of the program in it.
    filters: byText(state.filters.map(({ program: _, ...filter }) => filter)),
    dhcpServers: byText(state.dhcpServers),
  }
}
