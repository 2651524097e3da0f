/** whole-files.ts over a node:fs that writes down, in their order, the calls that decide what a power cut leaves. */
import fs from 'node:fs'
import { createRequire } from 'node:module'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

type WholeFiles = typeof import('../../src/services/whole-files.js')

const require = createRequire(import.meta.url)

/** The real calls are made. A name of a file that has yet to get its own is `new`. */
export async function watchedWholeFiles(): Promise<{ files: WholeFiles; calls: string[] }> {
  const calls: string[] = []
  const nameOf = (path: string) => (path.endsWith('.new') ? 'new' : basename(path))
  const at = (descriptor: number) => nameOf(fs.readlinkSync(`/proc/self/fd/${descriptor}`))
  const watched: Partial<typeof fs> = {
    fsyncSync: (descriptor) => {
      calls.push(`sync ${at(descriptor)}`)
      fs.fsyncSync(descriptor)
    },
    fchownSync: (descriptor, user, group) => {
      calls.push(`chown ${at(descriptor)}`)
      fs.fchownSync(descriptor, user, group)
    },
    fchmodSync: (descriptor, mode) => {
      calls.push(`chmod ${at(descriptor)} ${mode.toString(8)}`)
      fs.fchmodSync(descriptor, mode)
    },
    renameSync: (from, to) => {
      calls.push(`rename ${nameOf(String(from))} ${nameOf(String(to))}`)
      fs.renameSync(from, to)
    },
  }
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../../src/services/whole-files.ts', import.meta.url))],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node18',
    format: 'cjs',
    logLevel: 'silent',
  })
  const module = { exports: {} }
  const load = (name: string) => (name === 'node:fs' ? { ...fs, ...watched } : require(name))
  new Function('module', 'require', outputFiles[0]?.text ?? '')(module, load)
  return { files: module.exports as WholeFiles, calls }
}
