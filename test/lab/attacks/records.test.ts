/** Records of fans that are of no use, in every way that a disk, a person or another version can leave them. */
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ShowView } from '../../../src/results/show.js'
import { Lab, type LabContainer, type LabHost } from '../lab.js'
import { labTypes } from '../types.js'

const name = 'fan-250.fan.json'

describe.each(labTypes())('a record of a %s fan', (type) => {
  let lab: Lab
  let host: LabHost
  let far: LabContainer
  let near: LabContainer
  let whole: string
  const upWords = (overlay: string) => ['up', '-o', overlay, '-u', 'eth0/16', '--type', type, '--dhcp']
  const fileOf = (file = name) => join(host.folders.runtime, file)
  const show = async () => JSON.parse((await host.fanctl(['show', '--json'])).output) as ShowView

  const fanLinks = async () => (await host.must(['ip', '-br', 'link'])).match(/^f(?:an-|tun)[^\s@]+/gm)?.sort()

  beforeAll(async () => {
    lab = await Lab.build({ hosts: 2 })
    for (const one of lab.hosts) await one.fanctlJson(upWords('250.0.0.0/8'))
    const [first, second] = lab.hosts
    if (!first || !second) throw new Error('no hosts')
    host = first
    await host.fanctlJson(upWords('251.0.0.0/8'))
    near = await lab.addContainer(host, 'fan-250')
    far = await lab.addContainer(second, 'fan-250')
    whole = readFileSync(fileOf(), 'utf8')
  })
  afterAll(() => lab?.close())

  const damages: [what: string, damage: (file: string) => void, says: RegExp][] = [
    ['is empty', (file) => writeFileSync(file, ''), /is damaged/],
    ['is half of one', (file) => writeFileSync(file, whole.slice(0, whole.length / 2)), /is damaged/],
    ['is binary junk', (file) => writeFileSync(file, Buffer.from([0, 255, 27, 91, 51, 49, 109, 10])), /is damaged/],
    ['is of another format', (file) => writeFileSync(file, whole.replace('"format":1', '"format":0')), /is damaged/],
    ['is of a newer version', (file) => writeFileSync(file, '{"format":2}'), /written by a newer fanctl \(format 2\)/],
    ['is a gigabyte', (file) => truncateSync(file, 2 ** 30), /cannot be read: it has at least 1073741824 bytes/],
    ['is a folder', (file) => [rmSync(file), mkdirSync(file)], /cannot be read: it is a folder/],
    [
      'lies under another name',
      (file) => renameSync(file, fileOf('blue.fan.json')),
      /is the record of the fan on fan-250/,
    ],
  ]

  test.each(damages)('%s: it breaks that fan alone, whose containers notice nothing', async (_, damage, says) => {
    damage(fileOf())
    try {
      const { fans, broken } = await show()
      expect(fans).toMatchObject([{ bridge: 'fan-251', state: 'up' }])
      expect(broken).toMatchObject([{ bridge: 'fan-250', overlay: '250.0.0.0/8', underlay: '10.0.0.11/16' }])
      expect(broken[0]?.error.message).toMatch(says)
      const { status, output } = await host.fanctl(['monitor', '--once'])
      expect({ status, output }).toEqual({ status: 1, output: expect.stringContaining('fan-250: not watched: ') })
      expect(await near.reaches(far.address)).toBe(true)
    } finally {
      for (const file of [name, 'blue.fan.json']) rmSync(fileOf(file), { recursive: true, force: true })
      writeFileSync(fileOf(), whole)
    }
    expect(await show()).toMatchObject({ broken: [], fans: [{ state: 'up' }, { state: 'up' }] })
  })

  test('is half of one: others come and go, and are kept', async () => {
    writeFileSync(fileOf(), whole.slice(0, whole.length / 2))
    const links = await fanLinks()
    await host.must(['ip', 'link', 'del', 'fan-251'])
    expect((await host.fanctl(['monitor', '--once'])).output).toContain('restored bridge fan-251')
    await host.fanctlJson(upWords('252.0.0.0/8'))
    await host.fanctlJson(['down', '-o', '252.0.0.0/8'])
    const { status, output } = await host.fanctl(['show', '--check'])
    expect(status).toBe(3)
    expect(output).toMatch(/^fan-250 +10\.0\.0\.11\/16 +250\.0\.0\.0\/8 +broken$/m)
    expect(await fanLinks()).toEqual(links)
    expect(await far.reaches(near.address)).toBe(true)
    expect(await host.must(['nft', 'list', 'ruleset'])).toMatch(/ip saddr 250\.0\.11\.0\/24 .*masquerade/)
    writeFileSync(fileOf(), whole)
  })

  test('is a copy of another: the fan that is there counts', async () => {
    cpSync(fileOf('fan-251.fan.json'), fileOf('copy.fan.json'))
    const { fans, broken } = await show()
    expect(fans).toMatchObject([
      { bridge: 'fan-250', state: 'up' },
      { bridge: 'fan-251', state: 'up' },
    ])
    expect(broken).toMatchObject([{ bridge: 'copy', links: [] }])
    await host.fanctlJson(['down', '--bridge', 'copy'])
    expect((await show()).broken).toEqual([])
  })

  test('is mended by up with the same networks, but for a newer one', async () => {
    writeFileSync(fileOf(), '{"format":2}')
    const { status, complaint } = await host.fanctl(upWords('250.0.0.0/8'))
    expect({ status, complaint }).toEqual({ status: 1, complaint: expect.stringContaining('(RECORD_NEWER)') })
    writeFileSync(fileOf(), '{')
    await host.fanctlJson(upWords('250.0.0.0/8'))
    expect(readFileSync(fileOf(), 'utf8')).toBe(whole)
  })

  test('is of no use: down takes away what the kernel has, and nothing else', async () => {
    writeFileSync(fileOf(), '{')
    expect(await host.fanctl(['down', '--bridge', 'fan-250'])).toMatchObject({
      status: 1,
      complaint: expect.stringContaining('fan-250 is in use by v'),
    })
    await host.fanctlJson(['down', '-o', '250.0.0.0/8', '--force'])
    expect(await show()).toMatchObject({ broken: [], fans: [{ bridge: 'fan-251', state: 'up' }] })
    expect(await host.must(['ip', '-br', 'link'])).not.toMatch(/^(?:fan|ftun)-250/m)
    expect(await host.must(['nft', 'list', 'ruleset'])).not.toMatch(/250\.0\.11\.0/)
    writeFileSync(fileOf('host-before.json'), '{')
    expect(await host.fanctl(['down', '--bridge', 'fan-251'])).toMatchObject({
      status: 0,
      complaint: expect.stringContaining('settings of the whole host were not reset'),
    })
  })
})
