import { type ErrorCode, type ErrorDetails, errors } from './error-catalogue.js'
import { oneLine } from './printable.js'

/**
 * An error that a person can act on: a code, a sentence with the value seen, and what to do next.
 * Everything else that is thrown is a bug.
 */
export class FanError<Code extends ErrorCode = ErrorCode> extends Error {
  readonly code: Code
  readonly details: ErrorDetails<Code>
  readonly hint: string | undefined
  /** 1: this host cannot do it. 2: the request makes no sense. */
  readonly exitCode: 1 | 2

  constructor(code: Code, details: ErrorDetails<Code>, options?: { cause?: unknown }) {
    const entry = errors[code] as unknown as {
      say: (details: ErrorDetails<Code>) => string
      hint?: (details: ErrorDetails<Code>) => string
      exitCode: 1 | 2
    }
    super(oneLine(entry.say(details)), options)
    this.name = 'FanError'
    this.code = code
    this.details = details
    this.hint = entry.hint && oneLine(entry.hint(details))
    this.exitCode = entry.exitCode
  }
}

/** What was thrown, as a sentence. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
