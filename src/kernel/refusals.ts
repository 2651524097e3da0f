/** What the kernel has against a request, and what that means where it is known: beside the request. */
import type { ErrorCode, ErrorDetails } from '../core/error-catalogue.js'
import { FanError } from '../core/errors.js'
import { withoutModule } from '../core/types/types.js'

/** A request that the kernel refused. */
export class NetlinkError extends Error {
  /** What was asked for, such as `ip link add fan-250`. */
  readonly op: string
  readonly errnoName: string
  /** The refusal alone: the kernel's sentence, where it sends one, and the name of the error. */
  readonly problem: string
  /** Which of several requests it is about. */
  readonly request: number

  constructor(op: string, errno: string, explanation?: string, request = 0) {
    const problem = explanation ? `${explanation} (${errno})` : errno
    super(`${op}: ${problem}`)
    this.op = op
    this.errnoName = errno
    this.problem = problem
    this.request = request
  }
}

type Refusal = (cause: NetlinkError) => FanError | undefined | Promise<FanError | undefined>

/** What refusals of a request mean, by the name of the error. What is not here means nothing special. */
export type Refusals = Readonly<Record<string, Refusal>>

/** An error to act on. */
export function means<Code extends ErrorCode>(code: Code, details: ErrorDetails<Code>): Refusal {
  return (cause) => new FanError(code, details, { cause })
}

/** The kernel lacks a module, and could not load it. */
export function moduleMissing(module: string, kind: string): Refusal {
  return means('MODULE_MISSING', { module, kind, ...withoutModule(module) })
}

/** Does requests. Throws what a refusal means, or else NetlinkError as it is. */
export async function explained<Result>(refusals: Refusals, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw (error instanceof NetlinkError && (await refusals[error.errnoName]?.(error))) || error
  }
}
