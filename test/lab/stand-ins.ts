/** Shell scripts that stand in for a program of the machine, for what the real one does too rarely to wait for. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { labFolder } from './namespaces.js'
import type { RunOptions } from './shell.js'

/** What a script does first; then it becomes the real program with the same words, unless it has ended. */
export function standingIn(program: 'dnsmasq' | 'nft', script: string): RunOptions {
  const folder = join(labFolder, `instead-of-${program}`)
  mkdirSync(folder, { recursive: true })
  const text = `#!/bin/sh\n${script}\nexec /usr/sbin/${program} "$@"\n`
  writeFileSync(join(folder, program), text, { mode: 0o755 })
  return { environment: { PATH: `${folder}:${process.env['PATH']}:/usr/sbin:/sbin` } }
}

/** The part of an nft stand-in that runs only when rules are loaded. */
export const whenLoading = (script: string) => `case "$*" in *-f*) ${script} ;; esac`

let count = 0

/** The part of a stand-in that runs the first time, the third time, and so on. */
export function alternately(script: string): string {
  const mark = join(labFolder, `alternately-${++count}`)
  return `if [ -e ${mark} ]; then rm ${mark}; else touch ${mark}; ${script}; fi`
}
