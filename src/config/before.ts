/**
 * What the host was like before the first fan: the settings that fans change for all of it, to be put back by the last
 * `down`. Everything else about a host is read from its kernel.
 */
import { notedSysctls } from '../core/desired.js'
import { FanError } from '../core/errors.js'

export interface Before {
  /** Whether fanctl made the runtime folder. */
  readonly madeFolder: boolean
  /** By path below /proc/sys. */
  readonly sysctls: Readonly<Record<string, string>>
}

export const beforeFile = 'host-before.json'

/** Throws FILE_INVALID. */
export function parseBefore(files: Readonly<Record<string, string>>, folder: string): Before | undefined {
  const text = files[beforeFile]
  if (text === undefined) return undefined
  try {
    const { format, madeFolder, sysctls } = JSON.parse(text) as Record<string, unknown>
    if (format === 1 && typeof madeFolder === 'boolean' && isSysctls(sysctls)) return { madeFolder, sysctls }
  } catch {
    // Not JSON: said below.
  }
  throw new FanError('FILE_INVALID', {
    path: `${folder}/${beforeFile}`,
    problem: 'it does not tell what the host was like',
  })
}

export function formatBefore({ madeFolder, sysctls }: Before): string {
  return `${JSON.stringify({ format: 1, madeFolder, sysctls })}\n`
}

/** Whether fanctl made the runtime folder, as far as its files tell. */
export function madeFolder(files: Readonly<Record<string, string>>): boolean {
  try {
    return parseBefore(files, '')?.madeFolder ?? false
  } catch {
    return false
  }
}

/** Only settings that fanctl changes are ever put back. */
function isSysctls(value: unknown): value is Record<string, string> {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).every(([key, one]) => notedSysctls.includes(key) && /^\d+$/.test(String(one)))
}
