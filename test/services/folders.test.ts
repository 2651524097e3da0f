import { chmodSync, lstatSync, mkdirSync, readdirSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type HeldFolder, LinkRefused, makeFolder, withFolder } from '../../src/services/folders.js'
import { temporaryFolder } from './temporary-folder.js'

const folder = temporaryFolder('folders')

const at = (name: string) => join(folder(), name)
const write = (held: HeldFolder) => writeFileSync(held.of('fan.prom'), 'x')

describe('a folder that is held', () => {
  test('is the same one when it has another name, and another one has its', () => {
    mkdirSync(at('metrics'))
    withFolder(at('metrics'), (held) => {
      renameSync(at('metrics'), at('before'))
      mkdirSync(at('metrics'))
      write(held)
      held.sync()
    })
    expect(readdirSync(at('before'))).toEqual(['fan.prom'])
    expect(readdirSync(at('metrics'))).toEqual([])
  })

  test('is reached by a link only where nobody else could have put it', () => {
    mkdirSync(at('elsewhere'))
    mkdirSync(at('shared'))
    symlinkSync('../elsewhere', at('shared/metrics'))
    withFolder(at('shared/metrics'), write)
    expect(readdirSync(at('elsewhere'))).toEqual(['fan.prom'])
    chmodSync(at('shared'), 0o777)
    const user = lstatSync(at('shared/metrics')).uid
    expect(() => withFolder(at('shared/metrics'), write)).toThrow(
      new LinkRefused(`its path leads through metrics, a symbolic link of user ${user}`),
    )
  })

  test('in a sticky folder, is reached by own links, which nobody else can move', () => {
    mkdirSync(at('elsewhere'))
    mkdirSync(at('tmp'))
    chmodSync(at('tmp'), 0o1777)
    symlinkSync(at('elsewhere'), at('tmp/metrics'))
    withFolder(at('tmp/metrics'), write)
    expect(readdirSync(at('elsewhere'))).toEqual(['fan.prom'])
  })

  test('is not looked for in a circle of links', () => {
    symlinkSync('b', at('a'))
    symlinkSync('a', at('b'))
    expect(() => withFolder(at('a'), write)).toThrow('too many symbolic links')
  })

  test('is none where a file is', () => {
    writeFileSync(at('file'), '')
    expect(() => withFolder(at('file'), write)).toThrow('ENOTDIR')
  })
})

test('a folder is made for all to read, and one that is there stays as it is', () => {
  withFolder(folder(), (held) => makeFolder(held, 'run'))
  expect(statSync(at('run')).mode & 0o7022).toBe(0)
  writeFileSync(at('run/fan.json'), '')
  withFolder(folder(), (held) => makeFolder(held, 'run'))
  expect(readdirSync(at('run'))).toEqual(['fan.json'])
})
