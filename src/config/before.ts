/**
 * What the host was like before the first fan: the settings that fans change for all of it, to be put back by the last
 * `down`. Everything else about a host is read from its kernel.
 */
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
    const { madeFolder, sysctls } = JSON.parse(text) as { madeFolder?: unknown; sysctls?: unknown }
    if (typeof madeFolder === 'boolean' && isTexts(sysctls)) return { madeFolder, sysctls }
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

function isTexts(value: unknown): value is Record<string, string> {
  return typeof value === 'object' && value !== null && Object.values(value).every((one) => typeof one === 'string')
}
