/** A folder of its own for each test of a file, gone afterwards. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'

/** Gives the path of the folder that the running test has. */
export function temporaryFolder(name: string): () => string {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), `fanctl-${name}-`))
  })
  afterEach(() => rmSync(folder, { recursive: true }))
  return () => folder
}
