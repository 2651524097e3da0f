import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { resultSchemas } from '../../src/results/schemas.js'
import { fanctl, freshFolders } from './fanctl.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Whether a schema takes a value, and nothing in the value is unknown to it: parsing would leave that out. */
function expectToFit(name: keyof typeof resultSchemas, text: string): void {
  const value: unknown = JSON.parse(text)
  expect(resultSchemas[name].parse(value)).toEqual(value)
}

test('schemas/ holds what scripts/schemas.mjs makes: if not, npm run schemas', async () => {
  const folder = freshFolders().state
  await promisify(execFile)(process.execPath, [join(root, 'scripts/schemas.mjs'), folder])
  const read = (path: string) =>
    Object.fromEntries(readdirSync(path).map((name) => [name, readFileSync(join(path, name), 'utf8')]))
  expect(read(join(root, 'schemas'))).toEqual(read(folder))
  expect(Object.keys(read(folder)).sort()).toEqual(
    Object.keys(resultSchemas)
      .map((name) => `${name}.json`)
      .sort(),
  )
})

test.each(Object.keys(resultSchemas))('the schema of %s has a title and takes no unknown key', (name) => {
  const schema: unknown = JSON.parse(readFileSync(join(root, 'schemas', `${name}.json`), 'utf8'))
  expect(schema).toMatchObject({ title: expect.stringContaining('fanctl'), additionalProperties: false })
})

describe.concurrent('what fanctl prints with --json fits its schema', () => {
  test.each([
    [['250.0.0.0/8', '10.0.3.4/16']],
    [['250.0.0.0/8', '10.0.0.0/16']],
    [['240.0.0.0/4', '10.0.0.0/8', '10.255.255.255', '250.1.2.3']],
  ])('map %j', async (words) => {
    const { status, stdout } = await fanctl(['map', ...words, '--json'])
    expect(status).toBe(0)
    expectToFit('map', stdout)
  })

  test.each([[[]], [['250.1.0.0/8', '10.0.0.0/16']], [['--nonsense']]])('map %j, an error', async (words) => {
    const { status, stdout } = await fanctl(['map', ...words, '--json'])
    expect(status).toBe(2)
    expectToFit('error', stdout)
  })

  test('map with a bad address in the middle', async () => {
    const words = ['map', '250.0.0.0/8', '10.0.3.4/16']
    expectToFit('error', (await fanctl([...words, '10.0.0.1', 'nonsense', '--json'])).stdout)
    expectToFit('map', (await fanctl([...words, '-', '--json'], { input: '10.0.0.1\nnonsense\n' })).stdout)
  })

  test('leases where there are none', async () => {
    const { status, stdout } = await fanctl(['leases', '--json'])
    expect(status).toBe(0)
    expectToFit('leases', stdout)
    expect(JSON.parse(stdout)).toEqual({ format: 1, leases: [], warnings: [] })
  })

  test('leases from the files of two bridges', async () => {
    const folders = freshFolders()
    mkdirSync(folders.state)
    const named = '1750000000 02:00:00:00:00:07 250.3.4.7 web 01:02:00:00:00:00:07\n'
    const unnamed = '0 02:00:00:00:00:08 250.3.4.8 * *\n'
    writeFileSync(join(folders.state, 'fan-250.leases'), `${named}duid 00:01:00:01\n${unnamed}`)
    writeFileSync(join(folders.state, 'fan-251.leases'), '')
    const { status, stdout } = await fanctl(['leases', '--json'], { folders })
    expect(status).toBe(0)
    expectToFit('leases', stdout)
    expect(JSON.parse(stdout)).toMatchObject({
      leases: [
        { bridge: 'fan-250', address: '250.3.4.7', hostname: 'web', expires: '2025-06-15T15:06:40.000Z' },
        { bridge: 'fan-250', address: '250.3.4.8', mac: '02:00:00:00:00:08', hostname: null, expires: null },
      ],
    })
  })

  test('leases in a folder that is a file', async () => {
    const folders = freshFolders()
    writeFileSync(folders.state, '')
    const { status, stdout } = await fanctl(['leases', '--json'], { folders })
    expect(status).toBe(1)
    expectToFit('error', stdout)
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'FILE_UNUSABLE' } })
  })

  test('show where there is no fan', async () => {
    const { status, stdout } = await fanctl(['show', '--json'], { mayReadHost: true })
    expect(status).toBe(0)
    expectToFit('show', stdout)
    expect(JSON.parse(stdout)).toEqual({
      format: 1,
      fans: [],
      broken: [],
      warnings: [expect.stringContaining('not running as root')],
    })
  })

  test('show where a record is damaged', async () => {
    const folders = freshFolders()
    mkdirSync(folders.runtime)
    writeFileSync(join(folders.runtime, 'fan-250.fan.json'), '{')
    const { status, stdout } = await fanctl(['show', '--json'], { folders, mayReadHost: true })
    expect(status).toBe(0)
    expectToFit('show', stdout)
    expect(JSON.parse(stdout)).toMatchObject({
      fans: [],
      broken: [{ bridge: 'fan-250', overlay: null, links: [], error: { code: 'FILE_INVALID' } }],
    })
  })
})
