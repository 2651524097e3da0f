import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ensureFolder, removeUnfinished, rewriteWhole, writeWhole } from '../../src/services/whole-files.js'
import { watchedWholeFiles } from './sync-order.js'
import { temporaryFolder } from './temporary-folder.js'

const folder = temporaryFolder('files')

const at = (name: string) => join(folder(), name)
const modeOf = (path: string) => statSync(path).mode & 0o777

describe('writeWhole', () => {
  test('makes the folder and the file, and leaves nothing else', () => {
    writeWhole(at('run/fan.json'), 'one\n')
    writeWhole(at('run/fan.json'), 'two\n')
    expect(readFileSync(at('run/fan.json'), 'utf8')).toBe('two\n')
    expect(readdirSync(at('run'))).toEqual(['fan.json'])
    expect(modeOf(at('run/fan.json'))).toBe(0o644)
  })

  test('is on the disk before it has its name, and its name is before anybody is told; the folder, too', async () => {
    const { files, calls } = await watchedWholeFiles()
    files.writeWhole(at('run/fan.json'), 'one\n')
    const top = basename(folder())
    expect(calls).toEqual([`sync ${top}`, 'chmod new 644', 'sync new', 'rename new fan.json', 'sync run'])
  })

  test('a file that was there keeps its owner and its mode, before it has its name again', async () => {
    const { files, calls } = await watchedWholeFiles()
    writeFileSync(at('fan.json'), 'one\n')
    chmodSync(at('fan.json'), 0o4640)
    files.writeWhole(at('fan.json'), 'two\n')
    expect(readFileSync(at('fan.json'), 'utf8')).toBe('two\n')
    expect(statSync(at('fan.json')).mode & 0o7777).toBe(0o640)
    const sync = `sync ${basename(folder())}`
    // Who does not own it, but may write in its folder, may not give it away either.
    expect(calls).toEqual(['chmod new 640', 'sync new', 'rename new fan.json', sync])
  })

  test.runIf(process.getuid?.() === 0)('another owner stays, before it has its name again', async () => {
    const { files, calls } = await watchedWholeFiles()
    writeFileSync(at('fan.json'), 'one\n')
    chownSync(at('fan.json'), 4711, 4712)
    files.writeWhole(at('fan.json'), 'two\n')
    expect(statSync(at('fan.json'))).toMatchObject({ uid: 4711, gid: 4712 })
    expect(calls.slice(0, 2)).toEqual(['chown new', 'chmod new 644'])
  })

  test('makes no folder above that one', () => {
    expect(() => writeWhole(at('no/run/fan.json'), '')).toThrow(/no\/run cannot be used: ENOENT: no such file/)
  })

  const strangers: [kind: string, make: (path: string) => void][] = [
    ['symbolic link', (path) => symlinkSync(at('victim'), path)],
    ['folder', (path) => mkdirSync(path)],
    ['pipe', (path) => spawnSync('mkfifo', [path])],
  ]
  test.each(strangers)('replaces no %s, and writes to none', (kind, make) => {
    writeFileSync(at('victim'), 'mine')
    make(at('fan.json'))
    const before = lstatSync(at('fan.json')).ino
    expect(() => writeWhole(at('fan.json'), 'x')).toThrow(`it is a ${kind}, not a regular file`)
    expect(lstatSync(at('fan.json')).ino).toBe(before)
    expect(readFileSync(at('victim'), 'utf8')).toBe('mine')
    expect(readdirSync(folder()).sort()).toEqual(['fan.json', 'victim'])
  })
})

test('ensureFolder says where a file is in its place', () => {
  writeFileSync(at('run'), '')
  expect(() => ensureFolder(at('run/config'))).toThrow(/run\/config cannot be used: ENOTDIR/)
})

describe('rewriteWhole', () => {
  test('writes the file that a link leads to, with the mode that it has', () => {
    writeFileSync(at('real'), 'before')
    chmodSync(at('real'), 0o660)
    symlinkSync('real', at('fan'))
    rewriteWhole(at('fan'), 'after')
    expect(readFileSync(at('real'), 'utf8')).toBe('after')
    expect(modeOf(at('real'))).toBe(0o660)
    expect(lstatSync(at('fan')).isSymbolicLink()).toBe(true)
  })

  test('writes nothing through a link to a pipe', () => {
    spawnSync('mkfifo', [at('pipe')])
    symlinkSync('pipe', at('fan'))
    expect(() => rewriteWhole(at('fan'), 'after')).toThrow('it is a pipe, not a regular file')
  })
})

describe('removeUnfinished', () => {
  /** No process has a number as high (PID_MAX_LIMIT is 2²²). */
  const dead = `fan.4194305.${'0'.repeat(16)}.new`

  test('removes what dead writers left, and nothing of one that lives or of anybody else', () => {
    const kept = [`fan.${process.pid}.${'0'.repeat(16)}.new`, 'fan.4194305.new', 'fan.new', 'other']
    for (const name of [dead, ...kept]) writeFileSync(at(name), '')
    removeUnfinished(folder())
    expect(readdirSync(folder()).sort()).toEqual(kept.sort())
  })

  test('removes the folder, too, if that was all', () => {
    mkdirSync(at('run'))
    writeFileSync(at(`run/${dead}`), '')
    removeUnfinished(at('run'))
    expect(readdirSync(folder())).toEqual([])
  })

  test('in a folder of others, removes only what begins as told', () => {
    mkdirSync(at('run'))
    writeFileSync(at(`run/${dead}`), '')
    removeUnfinished(at('run'), 'other.')
    expect(readdirSync(at('run'))).toEqual([dead])
    removeUnfinished(at('run'), 'fan.')
    expect(readdirSync(at('run'))).toEqual([])
  })
})
