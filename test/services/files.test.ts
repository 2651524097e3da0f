import { spawnSync } from 'node:child_process'
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readForEdit, readNamed, readOwn, readWhole } from '../../src/services/files.js'
import { temporaryFolder } from './temporary-folder.js'

const folder = temporaryFolder('files')

const at = (name: string) => join(folder(), name)

describe.each([
  { name: 'readWhole', read: readWhole },
  { name: 'readOwn', read: readOwn },
])('$name', ({ read }) => {
  test('gives the text, or nothing where there is nothing', () => {
    writeFileSync(at('fan'), 'text\n')
    expect(read(at('fan'))).toBe('text\n')
    expect(read(at('none'))).toBeUndefined()
    expect(read(at('fan/none'))).toBeUndefined()
  })

  test('does not wait for a pipe to be written to', () => {
    spawnSync('mkfifo', [at('fan')])
    expect(() => read(at('fan'))).toThrow('it is a pipe, not a regular file')
  })

  test('reads no folder, device or socket', async () => {
    const server = createServer().listen(at('socket'))
    await new Promise((done) => server.once('listening', done))
    expect(() => read(at('socket'))).toThrow('it is a socket')
    server.close()
    expect(() => read('/dev/null')).toThrow('it is a device')
    expect(() => read(folder())).toThrow('it is a folder')
  })

  test('does not read more than any file of fanctl has', () => {
    writeFileSync(at('fan'), '')
    truncateSync(at('fan'), 5 * 1024 ** 3)
    expect(() => read(at('fan'))).toThrow('is too large: at least 5368709120 bytes')
  })
})

test('readWhole follows a link to a file, and readOwn none', () => {
  writeFileSync(at('real'), 'text')
  symlinkSync('real', at('link'))
  expect(readWhole(at('link'))).toBe('text')
  expect(() => readOwn(at('link'))).toThrow('it is a symbolic link, not a regular file')
})

test('readWhole looks where a link leads', () => {
  mkdirSync(at('folder'))
  symlinkSync('folder', at('link'))
  symlinkSync('/dev/zero', at('zero'))
  expect(() => readWhole(at('link'))).toThrow('it is a folder')
  expect(() => readWhole(at('zero'))).toThrow('it is a device')
})

test('readNamed says that a file is not there', () => {
  expect(() => readNamed(at('none'))).toThrow('there is no such file')
})

test('readForEdit refuses what it could not write again', () => {
  writeFileSync(at('fan'), 'ä\n')
  expect(readForEdit(at('fan'))).toBe('ä\n')
  writeFileSync(at('fan'), Buffer.from([0x66, 0xff]))
  expect(() => readForEdit(at('fan'))).toThrow('it is not UTF-8 text')
})
