/**
 * What the host was like before the first fan: the settings that fans change for all of it, to be put back by the last
 * `down`. Everything else about a host is read from its kernel.
 */
import { notedSysctls } from '../core/desired.js'

export interface Before {
  /** Whether fanctl made the runtime folder. */
  readonly madeFolder: boolean
  /** By path below /proc/sys. */
  readonly sysctls: Readonly<Record<string, string>>
}

export const beforeFile = 'host-before.json'

/** What the file tells: `lost` if it is damaged, `newer` if only a newer version can read it; undefined: there is none. */
export function parseBefore(files: Readonly<Record<string, string>>): Before | 'lost' | 'newer' | undefined {
  const text = files[beforeFile]
  if (text === undefined) return undefined
  try {
    const { format, madeFolder, sysctls } = JSON.parse(text) as Record<string, unknown>
    if (typeof format === 'number' && format > 1) return 'newer'
    if (format === 1 && typeof madeFolder === 'boolean' && isSysctls(sysctls)) return { madeFolder, sysctls }
  } catch {
    // Not JSON.
  }
  return 'lost'
}

export function formatBefore({ madeFolder, sysctls }: Before): string {
  return `${JSON.stringify({ format: 1, madeFolder, sysctls })}\n`
}

/** Whether fanctl made the runtime folder, as far as its files tell. */
export function madeFolder(files: Readonly<Record<string, string>>): boolean {
  const before = parseBefore(files)
  return typeof before === 'object' && before.madeFolder
}

/** Only settings that fanctl changes are ever put back. */
function isSysctls(value: unknown): value is Record<string, string> {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).every(([key, one]) => notedSysctls.includes(key) && /^\d+$/.test(String(one)))
}
