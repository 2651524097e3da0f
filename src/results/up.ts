/** `up` and `plan`. */
import * as z from 'zod/mini'
import type { UpResult } from '../app/fan/up.js'
import { fan, format, steps, viewFan, viewSteps, warnings } from './parts.js'

/** `fan` is null where the request says `off`: nothing is looked at then. */
export const upSchema = () =>
  z.object({ format: format(), changed: z.boolean(), fan: z.nullable(fan()), steps: steps(), warnings: warnings() })
export type UpView = z.infer<ReturnType<typeof upSchema>>

export function viewUp({ fan, mtu, steps, warnings }: UpResult): UpView {
  return {
    format: 1,
    changed: steps.length > 0,
    fan: viewFan(fan, mtu),
    steps: viewSteps(steps),
    warnings: [...warnings],
  }
}

/** A request that is off. */
export const viewOff: UpView = { format: 1, changed: false, fan: null, steps: [], warnings: [] }
