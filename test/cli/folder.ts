/**
 * One folder for all tests that run the program. It goes after the last of them: files of one thread share their
 * modules, so it cannot go with the first file that has used it. For vitest's `globalSetup`.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    readonly folder: string
  }
}

export function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'fanctl-cli-'))
  project.provide('folder', folder)
  return () => rmSync(folder, { recursive: true, force: true })
}
