/** Containers' links on the bridges. A bridge that is removed lets go of them, and only who saw them knows whose they were. */
import type { Change } from '../../core/change.js'
import type { Fan } from '../../core/fan.js'
import { portsOf } from '../fan/ports.js'
import type { Observation } from '../ports/machine.js'

export class PortMemory {
  /** Names by bridge, as last seen. */
  #ports: Readonly<Record<string, readonly string[]>> = {}

  /** Notes who is on the bridges that are there. */
  see(fans: readonly Fan[], found: Observation): void {
    this.#ports = Object.fromEntries(
      fans.map((fan) => [fan.bridge, isThere(fan, found) ? portsOf(fan, found) : (this.#ports[fan.bridge] ?? [])]),
    )
  }

  /** The steps that attach to bridges that are gone, and will be made again, who was on them and is free now. */
  reattach(fans: readonly Fan[], found: Observation): Change[] {
    return fans
      .filter((fan) => !isThere(fan, found))
      .flatMap(({ bridge }) => {
        const free = (this.#ports[bridge] ?? []).filter((name) =>
          found.links.some((link) => link.name === name && link.bridge === undefined),
        )
        return free.map(
          (link): Change => ({ object: 'traits', link, owner: bridge, before: { bridge: '' }, after: { bridge } }),
        )
      })
  }
}

function isThere({ bridge }: Fan, found: Observation): boolean {
  return found.links.some((link) => link.ours && link.name === bridge)
}
