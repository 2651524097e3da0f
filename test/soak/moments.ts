/** Random moments of the time that `up` or `down` takes. */
import { existsSync } from 'node:fs'
import type { Wear } from './wear.js'

export class Moments {
  readonly random: () => number
  /** The part of the time that passes before the first change. */
  readonly #idle: number
  /** Milliseconds. How fast the machine is changes; whole runs on the way tell. */
  #whole: number
  #count = 0

  private constructor(seed: number, idle: number, whole: number) {
    this.random = generator(seed)
    this.#idle = idle
    this.#whole = whole
  }

  /** Runs the command some times to know how long it takes. */
  static async measure(wear: Wear): Promise<Moments> {
    const { host, fan, overlay, command, seed, say } = wear
    const rounds: { begun: number; whole: number }[] = []
    for (let round = 0; round < 3; round += 1)
      for (const each of ['up', 'down'] as const) {
        const start = Date.now()
        let begun = 0
        const watch = setInterval(() => {
          if (begun === 0 && existsSync(signOfChange(each)) === (each === 'up')) begun = Date.now() - start
        }, 1)
        await host.fanctlJson(each === 'up' ? ['up', ...fan] : ['down', '-o', overlay])
        clearInterval(watch)
        if (each === command) rounds.push({ begun, whole: Date.now() - start })
      }
    const idle = Math.min(...rounds.map(({ begun, whole }) => begun / whole))
    const whole = Math.max(...rounds.map((one) => one.whole))
    say(
      `a whole ${command} takes ${whole} ms, and changes the host after ${Math.round(100 * idle)} % of it; seed ${seed}`,
    )
    return new Moments(seed, idle, whole)

    /** What the first step of `up` makes, and one of the first of `down` removes. */
    function signOfChange(what: Wear['command']): string {
      const { runtime } = host.folders
      return what === 'up' ? runtime : `${runtime}/fan-247.dnsmasq.conf`
    }
  }

  /** Milliseconds from the start. Much of the time passes before the first change; every second moment is of the rest. */
  next(): number {
    this.#count += 1
    const earliest = this.#count % 2 === 0 ? this.#idle * this.#whole : 0
    return Math.max(1, Math.round(earliest + this.random() * (this.#whole - earliest)))
  }

  /** How long a run took that came to its end; undefined: it did not, and might have taken longer than thought. */
  learn(milliseconds: number | undefined): void {
    this.#whole = milliseconds ?? this.#whole * 1.02
  }
}

/** mulberry32: numbers from 0 to 1, the same for the same seed. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
