/**
 * Links, pipes and whatever else a user can put where root reads or writes a file: nothing is written elsewhere, nothing
 * hangs, and it is said what is in the way.
 */
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { Lab, type LabHost } from '../lab.js'
import { labFolder } from '../namespaces.js'
import { look } from '../one-host.js'
import { must } from '../shell.js'
import { startMonitor, until } from './monitors.js'

const fan = ['-o', '250.0.0.0/8', '-u', 'eth0/16', '--type', 'vxlan']
/** The number of `nobody`. */
const user = 65_534
const victimText = 'only root may change this\n'
/** Milliseconds. A fanctl that hangs is ended then, and its exit status is not the one that is expected. */
const limits = { timeout: 30_000, killSignal: 'SIGKILL' } as const

let host: LabHost
beforeAll(async () => {
  const lab = await Lab.build({ hosts: 1, name: 'files' })
  host = lab.hosts[0] as LabHost
  return () => lab.close()
})

/** A folder of the user's, and a file of root's that he may not write. */
function place(): { home: string; victim: string } {
  const folder = join(labFolder, 'attack')
  const home = join(folder, 'home')
  mkdirSync(home, { recursive: true })
  chownSync(home, user, user)
  const victim = join(folder, 'victim')
  writeFileSync(victim, victimText)
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return { home, victim }
}

describe('metrics in a folder of another user', () => {
  test('who makes a link by the name of a file that is to be: nothing is written through it', async () => {
    const { home, victim } = place()
    const metrics = join(home, 'fan.prom')
    const monitor = await startMonitor(host, ['--metrics', metrics])
    expect(await until(() => readFileSync(metrics, 'utf8') !== '')).toBe(true)
    symlinkSync(victim, `${metrics}.${monitor.id}.new`)
    rmSync(metrics)
    process.kill(monitor.id, 'SIGHUP')
    expect(await until(() => existsSync(metrics))).toBe(true)
    expect(readFileSync(victim, 'utf8')).toBe(victimText)
    expect(await monitor.stop()).toBe(0)
  })

  test('who makes a pipe there: the monitor goes on, and ends when it is asked to', async () => {
    const { home } = place()
    const metrics = join(home, 'fan.prom')
    const monitor = await startMonitor(host, ['--metrics', metrics])
    expect(await until(() => readFileSync(metrics, 'utf8') !== '')).toBe(true)
    await must(['mkfifo', `${metrics}.${monitor.id}.new`])
    rmSync(metrics)
    process.kill(monitor.id, 'SIGHUP')
    expect(await until(() => existsSync(metrics))).toBe(true)
    expect(await monitor.stop()).toBe(0)
  })

  test('who puts a link to another folder in its place: nothing comes there, and the monitor says why', async () => {
    const { home } = place()
    const elsewhere = join(labFolder, 'attack', 'elsewhere')
    mkdirSync(elsewhere)
    mkdirSync(join(home, 'metrics'))
    const monitor = await startMonitor(host, ['--metrics', join(home, 'metrics', 'fan.prom')])
    renameSync(join(home, 'metrics'), join(home, 'before'))
    symlinkSync(elsewhere, join(home, 'metrics'))
    process.kill(monitor.id, 'SIGHUP')
    expect(await until(() => monitor.said().includes('metrics, a symbolic link of user 0'))).toBe(true)
    expect(readdirSync(elsewhere)).toEqual([])
    expect(await monitor.stop()).toBe(0)
  })

  test.each(['pipe', 'symbolic link', 'folder'])(
    'who makes a %s of the file itself: it stays, and nothing is written',
    async (kind) => {
      const { home, victim } = place()
      const metrics = join(home, 'fan.prom')
      if (kind === 'pipe') await must(['mkfifo', metrics])
      else if (kind === 'symbolic link') symlinkSync(victim, metrics)
      else mkdirSync(metrics)
      const { status, complaint } = await host.fanctl(['monitor', '--once', '--metrics', metrics], limits)
      expect({ status, complaint }).toEqual({
        status: 1,
        complaint: expect.stringContaining(
          `cannot write the metrics to ${metrics}: it is a ${kind}, not a regular file`,
        ),
      })
      expect(readFileSync(victim, 'utf8')).toBe(victimText)
      expect(readdirSync(home)).toEqual(['fan.prom'])
    },
  )
})

test('whatever the umask, users can look at what root brings up, and none can write there', async () => {
  const { runtime, state } = host.folders
  const asUser = ['setpriv', '--reuid', String(user), '--clear-groups', process.execPath]
  onTestFinished(async () => void (await host.fanctl(['down', '--everything'])))
  for (const mask of ['077', '000']) {
    rmSync(state, { recursive: true, force: true })
    const script = `umask ${mask}; '${process.execPath}' bin/fanctl up ${fan.join(' ')} --dhcp`
    const { status, complaint } = await host.run(['sh', '-c', script])
    expect(status, complaint).toBe(0)
    const shown = await host.run([...asUser, 'bin/fanctl', 'show'])
    expect(shown).toMatchObject({ status: 0, complaint: '' })
    expect(shown.output).toMatch(/^fan-250 .* dhcp$/m)
    const modes = await must(['find', runtime, state, '-printf', '%y%m %f\n'])
    expect(modes.split('\n').filter((line) => !/^(d755|f644) /.test(line) && line !== '')).toEqual([])
    await host.fanctl(['down', '-o', '250.0.0.0/8'])
  }
})

describe('a lease file', () => {
  test.each(['pipe', 'symbolic link', 'folder'])(
    'that is a %s: up says so, and the host is as before',
    async (kind) => {
      const { victim } = place()
      const leases = join(host.folders.state, 'fan-250.leases')
      mkdirSync(host.folders.state, { recursive: true })
      rmSync(leases, { force: true })
      if (kind === 'pipe') await must(['mkfifo', leases])
      else if (kind === 'symbolic link') symlinkSync(victim, leases)
      else mkdirSync(leases)
      onTestFinished(() => rmSync(leases, { recursive: true }))
      const before = await look(host)
      const { status, complaint } = await host.fanctl(['up', ...fan, '--dhcp'], limits)
      expect({ status, complaint }).toEqual({
        status: 1,
        complaint: expect.stringMatching(
          new RegExp(`${leases} cannot be used: it is a ${kind}.*\n.*\n.*FILE_NOT_REGULAR`),
        ),
      })
      expect(await look(host)).toEqual(before)
      expect(readFileSync(victim, 'utf8')).toBe(victimText)
    },
  )
})

test('a record or a fan file that is a pipe keeps nobody waiting', async () => {
  const { runtime, config } = host.folders
  mkdirSync(runtime, { recursive: true })
  for (const { path, words, ending } of [
    // A record is of one fan, and keeps no other from being shown.
    { path: join(runtime, 'fan-9.fan.json'), words: ['show'], ending: 0 },
    { path: config, words: ['plan', '-a'], ending: 1 },
  ]) {
    await must(['mkfifo', path])
    const { status, complaint } = await host.fanctl(words, limits)
    rmSync(path)
    expect({ status, complaint }).toEqual({
      status: ending,
      complaint: expect.stringMatching(new RegExp(`${path} cannot be (?:used|read): .*it is a pipe`)),
    })
  }
})

test('a fan file of 400 megabytes is an error, and takes no memory', async () => {
  const { config } = host.folders
  writeFileSync(config, '')
  truncateSync(config, 400_000_000)
  onTestFinished(() => rmSync(config))
  const words = ['sh', '-c', `ulimit -v 3000000; '${process.execPath}' bin/fanctl plan -a`]
  const { status, complaint } = await host.run(words, limits)
  expect({ status, complaint }).toEqual({ status: 1, complaint: expect.stringContaining('(FILE_TOO_LARGE)') })
})
