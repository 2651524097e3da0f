/**
 * Whether `npm ci` takes the lock file. In a folder of its own: npm 9 removes the packages that are there although it is
 * told to change nothing.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folder = mkdtempSync(join(tmpdir(), 'fanctl-lock-'))
try {
  for (const name of ['package.json', 'package-lock.json', '.npmrc']) cpSync(name, join(folder, name))
  const words = ['ci', '--dry-run', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const { status } = spawnSync('npm', words, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  process.exitCode = status ?? 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
