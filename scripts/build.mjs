// One file for the program, so that starting it reads little and installing it copies little.
// The two packages with native parts stay outside: they find their prebuilt binaries by their own place.
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { build } from 'esbuild'

/** zod's messages in fifty languages, a quarter of the bundle. zod/mini uses none, but a bundle cannot tell. */
const withoutLocales = {
  name: 'without-locales',
  setup: ({ onLoad }) => onLoad({ filter: /\/zod\/v4\/locales\/index\.js$/ }, () => ({ contents: 'export {}' })),
}

rmSync('dist', { recursive: true, force: true })
await build({
  entryPoints: { fanctl: 'src/main.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  target: 'node18',
  format: 'cjs',
  minify: true,
  keepNames: true,
  legalComments: 'linked',
  // typescript: oclif would use it to run sources, which this build never does.
  external: ['koffi', 'netlink', 'typescript'],
  plugins: [withoutLocales],
  logLevel: 'warning',
})

// Code that has run once is in the cache, so the commands that should start fastest run here.
const warmUp = `
  const { exports, cache } = require('./bin/load.js').load(require('node:path').resolve('dist/fanctl.cjs'))
  const root = process.cwd()
  exports.main(['map', '250.0.0.0/8', '10.0.3.4/16'], root)
    .then(() => exports.main(['--help'], root))
    .then(() => require('node:fs').writeFileSync('dist/fanctl.cjs.cache', cache()))`
execFileSync(process.execPath, ['-e', warmUp], { stdio: ['ignore', 'ignore', 'inherit'] })
