/** Builds the program before the tests that run it, if it is older than its sources. For vitest's `globalSetup`. */
import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

export function setup(): void {
  if (!isFresh()) execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' })
}

/** The cache is what the build writes last. */
function isFresh(): boolean {
  const built = changedAt('dist/fanctl.cjs.cache')
  return ['scripts/build.mjs', 'bin/load.js', 'package.json', ...sources()].every((path) => changedAt(path) < built)
}

function sources(): string[] {
  const names = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  return names.map((name) => `src/${name}`).filter((path) => path.endsWith('.ts'))
}

function changedAt(path: string): number {
  return statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0
}
