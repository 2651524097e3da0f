/**
 * What the results of several commands are made of: a fan, steps, a pool, a problem. Schemas are made when they are asked
 * for: the program itself has only their types and the views, and starts without zod.
 */
import * as z from 'zod/mini'
import { fieldsOf, fieldsSchema } from '../config/options/fields.js'
import type { Change } from '../core/change.js'
import { FanError } from '../core/errors.js'
import { type Fan, fanPoolOf, fanSliceOf, hostTextOf, tunnelOf, typeOptionsOf } from '../core/fan.js'
import { gatewayOf, type Pool } from '../core/fan-map.js'
import { formatAddress, formatPrefix } from '../core/ipv4.js'
import { describe, kindOf } from '../core/objects/objects.js'

/** What every result begins and ends with. */
export const format = () => z.literal(1)
export const warnings = () => z.array(z.string())

export const pool = () => z.object({ first: z.string(), last: z.string() })

export function viewPool({ first, last }: Pool): z.infer<ReturnType<typeof pool>> {
  return { first: formatAddress(first), last: formatAddress(last) }
}

export const problem = () =>
  z.object({
    code: z.string(),
    message: z.string(),
    hint: z.nullable(z.string()),
    exitCode: z.int(),
  })
export type Problem = z.infer<ReturnType<typeof problem>>

/** What is not an error of ours is a bug, and keeps its stack. */
export function viewProblem(error: Error): Problem {
  if (!(error instanceof FanError))
    return { code: 'BUG', message: error.stack ?? error.message, hint: null, exitCode: 1 }
  const { code, message, hint, exitCode } = error
  return { code, message, hint: hint ?? null, exitCode }
}

/** Every option as it is in force, and what follows from them. */
export const fan = () =>
  z.object({
    ...fieldsSchema(z),
    bridge: z.string(),
    overlay: z.string(),
    /** The host's address with the underlay's length. */
    underlay: z.string(),
    /** Why this steering and no other. */
    steeringReason: z.string(),
    /** Null: packets of its type go as they are. */
    tunnel: z.nullable(z.string()),
    slice: z.string(),
    gateway: z.string(),
    pool: pool(),
    mtu: z.int(),
  })
export type FanView = z.infer<ReturnType<typeof fan>>

export function viewFan(fan: Fan, mtu: number): FanView {
  const slice = fanSliceOf(fan)
  const { bridge, type, steering, ...settings } = fieldsOf(fan)
  return {
    bridge,
    overlay: formatPrefix(fan.overlay),
    underlay: hostTextOf(fan),
    type,
    steering,
    steeringReason: fan.steeringReason,
    tunnel: tunnelOf(fan) ?? null,
    slice: formatPrefix(slice),
    gateway: formatAddress(gatewayOf(slice)),
    pool: viewPool(fanPoolOf(fan)),
    ...settings,
    mtu,
    ...typeOptionsOf(fan),
  }
}

export const steps = () => z.array(z.object({ kind: z.string(), commands: z.array(z.string()) }))
export type StepsView = z.infer<ReturnType<typeof steps>>

export function viewSteps(steps: readonly Change[]): StepsView {
  return steps.map((step) => ({ kind: kindOf(step), commands: describe(step) }))
}
