// Writes a JSON Schema for what each command prints with --json: schemas/<command>.json, or to the folder given.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const folder = process.argv[2] ?? join(root, 'schemas')

const { outputFiles } = await build({
  stdin: {
    contents: `export { resultSchemas } from './src/results/schemas.ts'; export { toJSONSchema } from 'zod/mini'`,
    resolveDir: root,
  },
  bundle: true,
  write: false,
  platform: 'node',
  format: 'esm',
  logLevel: 'warning',
})
const bundle = Buffer.from(outputFiles[0].contents).toString('base64')
const { resultSchemas, toJSONSchema } = await import(`data:text/javascript;base64,${bundle}`)

mkdirSync(folder, { recursive: true })
for (const [name, schema] of Object.entries(resultSchemas)) {
  const title =
    name === 'error' ? 'What every fanctl command prints with --json when it fails' : `fanctl ${name} --json`
  const { $schema, ...rest } = toJSONSchema(schema)
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`)
}
