/** Asks addresses one after the other and keeps what came of it. */
import { FanError } from '../../core/errors.js'
import { formatAddress, type Ipv4 } from '../../core/ipv4.js'
import type { Answer } from '../../core/probe.js'
import type { Lookups } from '../ports/lookups.js'
import { probeSize, type SizeFinding } from './size-probe.js'

export interface ProbeOptions {
  /** False: nothing is sent. */
  readonly probe: boolean
  readonly count: number
  /** To wait for an answer. */
  readonly seconds: number
  /** Hears of every address that is about to be asked. */
  readonly progress?: (text: string) => void
}

export interface Probed {
  readonly to: Ipv4
  readonly from: Ipv4 | undefined
  /** Of the whole packet, not to be fragmented; undefined: a small one. */
  readonly bytes: number | undefined
  readonly answer: Answer
  /** In bytes, where larger ones are lost. */
  readonly largest: number | undefined
}

export class Prober {
  readonly done: Probed[] = []
  /** Why nothing can be asked here, though it should have been. */
  problem: FanError | undefined
  readonly #lookups: Lookups
  readonly #options: ProbeOptions

  constructor(lookups: Lookups, options: ProbeOptions) {
    this.#lookups = lookups
    this.#options = options
  }

  /** Undefined: nothing was sent. */
  async ask(to: Ipv4, from: Ipv4 | undefined): Promise<Answer | undefined> {
    const told = await this.#try(to, undefined, () => this.#lookups.probe(this.#probe(to, from)))
    const answer = told?.kind === 'refused' && from !== undefined ? named(told, from) : told
    if (answer) this.done.push({ to, from, bytes: undefined, answer, largest: undefined })
    return answer
  }

  /**
   * For an address that has answered a small packet. Undefined: nothing was sent. A search takes some seconds, so only
   * the first size that is lost is worth one.
   */
  async askSize(to: Ipv4, from: Ipv4 | undefined, bytes: number): Promise<SizeFinding | undefined> {
    const isFirst = this.done.every((one) => one.bytes === undefined || one.answer.kind === 'answered')
    const finding = await this.#try(to, bytes, () => probeSize(this.#lookups, this.#probe(to, from), bytes, isFirst))
    if (finding) this.done.push({ to, from, ...finding })
    return finding
  }

  #probe(to: Ipv4, from: Ipv4 | undefined) {
    const { count, seconds } = this.#options
    return { to, ...(from !== undefined && { from }), count, seconds }
  }

  async #try<Result>(to: Ipv4, bytes: number | undefined, send: () => Promise<Result>): Promise<Result | undefined> {
    if (!this.#options.probe || this.problem) return undefined
    this.#options.progress?.(`pinging ${formatAddress(to)}${bytes === undefined ? '' : ` with ${bytes} bytes`}`)
    try {
      return await send()
    } catch (error) {
      if (!(error instanceof FanError)) throw error
      this.problem = error
      return undefined
    }
  }
}

/** A kernel that gets no answer to ARP says so itself, as a router would. */
function named(answer: Answer & { kind: 'refused' }, from: Ipv4): Answer {
  return answer.by === formatAddress(from)
    ? { ...answer, by: 'this host', reason: `${answer.reason}, no ARP reply` }
    : answer
}
