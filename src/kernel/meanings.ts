/** What errors mean that mean the same whatever was asked for. */
import { FanError, messageOf } from '../core/errors.js'
import { SystemCallError } from './libc.js'
import { NetlinkError } from './refusals.js'

/** The errors of this kind of work in words. */
const meanings: Readonly<Record<string, string>> = {
  EBUSY: 'it is in use',
  EEXIST: 'it already exists',
  EINVAL: 'the kernel rejects these values',
  ENETDOWN: 'the link is down',
  ENODEV: 'the link no longer exists',
  ENOENT: 'it does not exist, or the kernel lacks a module for it',
  ENOMEM: 'the kernel is out of memory for it',
  ENOSPC: 'no space is left for it',
  EOPNOTSUPP: 'this kernel does not support it',
  EROFS: 'it is on a read-only file system',
}

/**
 * An error to act on, for what failed at a change with these lines. Of many requests it names the one that was refused.
 * What was explained already keeps its own words.
 */
export function explain(error: unknown, lines: readonly string[]): FanError {
  if (error instanceof FanError) return error
  const refused = error instanceof NetlinkError ? error.request : 0
  const step =
    (refused > 0 ? lines[refused] : undefined) ?? lines.find((line) => !line.startsWith('#')) ?? lines[0] ?? ''
  const errno = errnoOf(error)
  if (errno === 'EPERM' || errno === 'EACCES')
    return new FanError('NOT_ROOT', { action: `run: ${step}` }, { cause: error })
  const problem = error instanceof NetlinkError ? error.problem : messageOf(error)
  const meaning = meanings[errno ?? '']
  return new FanError('STEP_FAILED', { step, problem: meaning ? `${problem}: ${meaning}` : problem }, { cause: error })
}

function errnoOf(error: unknown): string | undefined {
  if (error instanceof NetlinkError || error instanceof SystemCallError) return error.errnoName
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
