/** Files in memory, by path. Folders are there when something is in them. */
import type { Files } from '../../src/app/ports/files.js'
import { FanError } from '../../src/core/errors.js'

export class FakeFiles implements Files {
  readonly paths = { config: '/etc/network/fan', state: '/var/lib/fanctl', runtime: '/run/fanctl' }
  readonly texts = new Map<string, string>()
  /** Paths that cannot be written, and why. */
  readonly refused = new Map<string, string>()

  /** The fan file; undefined: there is none. */
  get config(): string | undefined {
    return this.texts.get(this.paths.config)
  }

  set config(text: string | undefined) {
    if (text === undefined) this.texts.delete(this.paths.config)
    else this.texts.set(this.paths.config, text)
  }

  readWhole(path: string): string | undefined {
    return this.texts.get(path)
  }

  readNamed(path: string): string {
    const text = this.texts.get(path)
    if (text === undefined) throw new FanError('FILE_UNUSABLE', { path, problem: 'there is no such file' })
    return text
  }

  readForEdit(path: string): string {
    return this.texts.get(path) ?? ''
  }

  listFolder(path: string, ending: string): string[] {
    const names = [...this.texts.keys()]
      .filter((one) => one.startsWith(`${path}/`))
      .map((one) => one.slice(path.length + 1))
    return names.filter((name) => !name.includes('/') && name.endsWith(ending)).sort()
  }

  writeWhole(path: string, text: string): void {
    const problem = this.refused.get(path)
    if (problem !== undefined) throw new FanError('FILE_UNUSABLE', { path, problem })
    this.texts.set(path, text)
  }

  rewriteWhole(path: string, text: string): void {
    this.writeWhole(path, text)
  }

  removeFile(path: string): void {
    this.texts.delete(path)
  }

  ensureFolder(): void {}

  removeUnfinished(): void {}
}
