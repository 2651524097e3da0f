/**
 * Fans of the fan file that could not come up, because this host had no place for them: a laptop without its network,
 * a card that DHCP has not served yet. They come up when it has one; from then on they are like any other fan.
 */
import type { FanRequest } from '../../config/request.js'
import { FanError } from '../../core/errors.js'
import type { Fan } from '../../core/fan.js'
import { formatPrefix, type Prefix, samePrefix } from '../../core/ipv4.js'
import { BackOff } from '../../core/repair/back-off.js'
import { knowFans } from '../fan/known.js'
import { resolveUnderlay } from '../fan/underlay.js'
import { up } from '../fan/up.js'
import type { Machine, Observation } from '../ports/machine.js'

/** One that was tried, because its place is there. */
export interface Arrival {
  readonly overlay: Prefix
  /** Undefined: there is a problem. */
  readonly fan: Fan | undefined
  readonly problem: FanError | undefined
}

export class Waiting {
  readonly #host: Machine
  readonly #backOff = new BackOff()
  #requests: readonly FanRequest[]

  /** Of `requests` only those wait that have no place now: others somebody may have taken down. */
  constructor(machine: Machine, requests: readonly FanRequest[], found: Observation) {
    this.#host = machine
    this.#requests = requests.filter((request) => !hasUnderlay(request, found))
  }

  /** Those that still wait. */
  get requests(): readonly FanRequest[] {
    return this.#requests
  }

  /** Brings up those that have a place by now. Throws BUSY or INTERRUPTED. */
  async look(signal?: AbortSignal): Promise<Arrival[]> {
    if (this.#requests.length === 0) return []
    const found = await this.#host.observe()
    const { fans } = knowFans(found)
    this.#requests = this.#requests.filter(({ overlay }) => !fans.some((fan) => samePrefix(fan.overlay, overlay)))
    const arrivals: Arrival[] = []
    for (const request of this.#requests.filter((one) => hasUnderlay(one, found))) {
      const thing = formatPrefix(request.overlay)
      if (this.#backOff.wait(thing, performance.now()) > 0) continue
      const arrival = await this.#bringUp(request, signal)
      this.#backOff.attempted(thing, performance.now(), arrival.problem === undefined)
      arrivals.push(arrival)
    }
    return arrivals
  }

  /** Milliseconds until one that failed may be tried again; undefined: none has failed. */
  retryIn(now: number): number | undefined {
    const waits = this.#requests.map((request) => this.#backOff.wait(formatPrefix(request.overlay), now))
    const some = waits.filter((wait) => wait > 0)
    return some.length > 0 ? Math.min(...some) : undefined
  }

  async #bringUp(request: FanRequest, signal?: AbortSignal): Promise<Arrival> {
    const { overlay } = request
    try {
      const { fan } = await up(this.#host, { ...request, enable: true }, signal)
      this.#requests = this.#requests.filter((one) => one !== request)
      return { overlay, fan, problem: undefined }
    } catch (problem) {
      if (!(problem instanceof FanError) || problem.code === 'INTERRUPTED' || problem.code === 'BUSY') throw problem
      return { overlay, fan: undefined, problem }
    }
  }
}

function hasUnderlay({ underlay }: FanRequest, found: Observation): boolean {
  try {
    resolveUnderlay(underlay, found)
    return true
  } catch (problem) {
    if (problem instanceof FanError) return false
    throw problem
  }
}
