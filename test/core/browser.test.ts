/** core runs in a browser: nothing of Node is in it, neither modules nor globals. */
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { plannedLines } from './planned.js'

const core = fileURLToPath(new URL('../../src/core', import.meta.url))

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    return entry.isDirectory() ? filesIn(path) : entry.name.endsWith('.ts') ? [path] : []
  })
}

/** A bundle of one file that defines the global `bundle`. Fails on an import of Node's. */
async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    globalName: 'bundle',
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}

/** Runs code where there is nothing but the language and what every browser has besides that core uses. */
function runBare(code: string, expression: string): unknown {
  return runInContext(`${code};${expression}`, createContext({ TextEncoder }))
}

test('a bundle for browsers makes the same plan as Node', async () => {
  const code = await bundle(fileURLToPath(new URL('planned.ts', import.meta.url)))
  const lines = runBare(code, 'JSON.stringify(bundle.plannedLines())')
  expect(JSON.parse(String(lines))).toEqual(plannedLines())
  expect(plannedLines().length).toBeGreaterThan(20)
})

test('every file of core loads without Node', async () => {
  const files = filesIn(core)
  expect(files.length).toBeGreaterThan(20)
  for (const file of files) runBare(await bundle(file), '')
})

test('what is of Node would be seen', async () => {
  expect(() => runBare('', 'Buffer.from([])')).toThrow('Buffer is not defined')
  await expect(bundle(`${core}/../services/files.ts`)).rejects.toThrow('Could not resolve "node:fs"')
})
