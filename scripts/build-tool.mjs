// Bundles one TypeScript program of the tests, so that Node can run it by itself: in a namespace, in another kernel.
//
//     node scripts/build-tool.mjs test/lab/inject.ts   gives dist/tools/inject.cjs
import { build } from 'esbuild'

await build({
  entryPoints: process.argv.slice(2),
  outdir: 'dist/tools',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  target: 'node18',
  format: 'cjs',
  external: ['koffi', 'netlink'],
  logLevel: 'warning',
})
