/** The way of a packet in stages, and what was found at each. */

export const stageNames = [
  'address',
  'fan',
  'overlay',
  'underlay',
  'container',
  'host',
  'gateway',
  'target',
  'size',
] as const
export type StageName = (typeof stageNames)[number]

export const stageStates = ['ok', 'warning', 'failed', 'skipped'] as const

export interface Stage {
  readonly stage: StageName
  readonly state: (typeof stageStates)[number]
  readonly text: string
  /** What that usually means, and what to do next. */
  readonly hints: readonly string[]
}

export const ok = (stage: StageName, text: string): Stage => ({ stage, state: 'ok', text, hints: [] })
export const warning = (stage: StageName, text: string, hints: readonly string[] = []): Stage => ({
  stage,
  state: 'warning',
  text,
  hints,
})
export const failed = (stage: StageName, text: string, hints: readonly string[] = []): Stage => ({
  stage,
  state: 'failed',
  text,
  hints,
})
export const skipped = (stage: StageName, text: string): Stage => ({ stage, state: 'skipped', text, hints: [] })

/** Stages that a packet has passed, whatever was found there, if the address behind them answers. One that leaves the
 * fan's way may be answered by somebody else. */
const passed: readonly StageName[] = ['fan', 'underlay', 'container', 'host', 'gateway']

/**
 * Weighs findings against each other. What did not keep the address from answering is a warning. Behind the stage where
 * the way stops, everything is silent for the same reason, so only that stage keeps its hints.
 */
export function settle(stages: readonly Stage[], answers: boolean): Stage[] {
  const weighed = stages.map(
    (one): Stage =>
      answers && one.state === 'failed' && passed.includes(one.stage) ? { ...one, state: 'warning' } : one,
  )
  const stop = weighed.findIndex(({ state }) => state === 'failed')
  return weighed.map((one, index) =>
    stop >= 0 && index > stop && one.state === 'failed' && one.stage !== 'size' ? { ...one, hints: [] } : one,
  )
}

/** Where the way of a packet stops; undefined: nowhere. */
export function stopOf(stages: readonly Stage[]): StageName | undefined {
  return stages.find(({ state }) => state === 'failed')?.stage
}
