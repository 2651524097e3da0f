/** Kernel settings, by path below /proc/sys. Link names may have dots in them, so paths and not dotted names. */
import { readFileSync, writeFileSync } from 'node:fs'

const root = '/proc/sys'

/** The value, undefined where this kernel or namespace has no such setting. */
export function readSysctl(key: string): string | undefined {
  try {
    return readFileSync(`${root}/${key}`, 'utf8').trim()
  } catch {
    return undefined
  }
}

/** `sysctl -w KEY=VALUE`. Throws the system's error. */
export function writeSysctl(key: string, value: string): void {
  writeFileSync(`${root}/${key}`, value)
}
