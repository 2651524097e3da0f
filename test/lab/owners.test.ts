/** Files that fanctl writes again keep the owner and the mode that somebody gave them. */
import { chmodSync, chownSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { Lab, type LabHost } from './lab.js'
import { labFolder } from './namespaces.js'

/** The number of `nobody`, and of a group that is not his. */
const [user, group] = [65_534, 4] as const

let host: LabHost
beforeAll(async () => {
  const lab = await Lab.build({ hosts: 1, name: 'owners' })
  host = lab.hosts[0] as LabHost
  return () => lab.close()
})

function giveAway(path: string): void {
  chownSync(path, user, group)
  chmodSync(path, 0o640)
}

function natureOf(path: string): { uid: number; gid: number; mode: number } {
  const { uid, gid, mode } = statSync(path)
  return { uid, gid, mode: mode & 0o7777 }
}

const given = { uid: user, gid: group, mode: 0o640 }

test('the fan file', async () => {
  writeFileSync(host.folders.config, '# of ours\n')
  giveAway(host.folders.config)
  const pairs = join(labFolder, 'pairs')
  writeFileSync(pairs, '10.0.0.0/16=252.0.0.0/8\n')
  await host.fanctlJson(['config', 'import', pairs, '--write'])
  expect(readFileSync(host.folders.config, 'utf8')).toContain('252.0.0.0/8')
  expect(natureOf(host.folders.config)).toEqual(given)
})

test('settings that are kept', async () => {
  const set = (mtu: number) =>
    host.fanctlJson(['config', 'set', '-o', '252.0.0.0/8', '-u', '10.0.0.0/16', `--mtu=${mtu}`])
  await set(1400)
  const settings = join(host.folders.state, 'config', '10.0.0.0-16--252.0.0.0-8.conf')
  giveAway(settings)
  await set(1300)
  expect(readFileSync(settings, 'utf8')).toContain('1300')
  expect(natureOf(settings)).toEqual(given)
})

test('the metrics of a monitor, and the record of a fan', async () => {
  const up = (...more: string[]) =>
    host.fanctlJson(['up', '-o', '250.0.0.0/8', '-u', 'eth0/16', '--type', 'vxlan', ...more])
  await up()
  onTestFinished(() => host.fanctlJson(['down', '-o', '250.0.0.0/8']).then(() => {}))
  const metrics = join(labFolder, 'owners.prom')
  writeFileSync(metrics, '')
  const paths = [metrics, join(host.folders.runtime, 'fan-250.fan.json')]
  for (const path of paths) giveAway(path)
  const before = paths.map((path) => statSync(path).ino)
  await up('--mtu=1300')
  await host.fanctl(['monitor', '--once', '--metrics', metrics])
  for (const [index, path] of paths.entries()) {
    expect(statSync(path).ino).not.toBe(before[index])
    expect([path, natureOf(path)]).toEqual([path, given])
  }
})
