/** Errors of the system as Node throws them. */

export function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

/** `ENOSPC: no space left on device`, without the call and its path, which is not always the one that was asked for. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/, \w+(?: '.*)?$/s, '') : String(error)
}
