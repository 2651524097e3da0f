/** Much at once: commands, ends of a server, events. What is left is a host that is up, and whole. */
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import type { ShowView } from '../../../src/results/show.js'
import { Lab, type LabHost } from '../lab.js'
import { look, oneHost } from '../one-host.js'
import { slowness } from '../pace.js'
import { labTypes } from '../types.js'

const type = labTypes()[0] ?? 'vxlan'
const fan = (overlay: string) => ['-o', overlay, '-u', 'eth0/16', '--type', type]
const bothOverlays = ['250.0.0.0/8', '251.0.0.0/8']

const stateOf = async (host: LabHost) =>
  (await host.fanctlJson<ShowView>(['show'])).fans.map(({ overlay, state, drift }) => ({ overlay, state, drift }))

test('sixteen commands at once: each ends well, and what is there is whole', async () => {
  const host = await oneHost()
  const untouched = await look(host)
  const words = Array.from({ length: 16 }, (_, index) => {
    const overlay = bothOverlays[index % 2] as string
    return index % 4 < 2 ? ['up', ...fan(overlay), '--mtu', String(1300 + index)] : ['down', '-o', overlay]
  })
  const outcomes = await Promise.all(words.map((one) => host.fanctl(one)))
  // Whoever comes before the first `up` finds no fan to take down.
  for (const { status, complaint } of outcomes) if (status !== 0) expect(complaint).toMatch(/\(FAN_NOT_FOUND\)\n$/)
  for (const { state, drift } of await stateOf(host)) expect({ state, drift }).toEqual({ state: 'up', drift: [] })
  for (const overlay of bothOverlays) await host.fanctlJson(['up', ...fan(overlay)])
  expect((await stateOf(host)).map(({ state }) => state)).toEqual(['up', 'up'])
  await host.fanctlJson(['down', '--everything'])
  expect(await look(host)).toEqual(untouched)
})

test('a DHCP server that is killed fifteen times comes back each time, with what it has lent', async () => {
  const lab = await Lab.build({ hosts: 1 })
  onTestFinished(() => lab.close())
  const [host] = lab.hosts as [LabHost]
  const up = ['up', ...fan('250.0.0.0/8'), '--dhcp']
  await host.fanctlJson(up)
  const container = await lab.addContainer(host, 'fan-250')
  for (let count = 0; count < 15; count += 1) {
    const id = await serverOf(host)
    expect(id).not.toBe('')
    await host.must(['kill', '-9', id])
    await host.fanctlJson(up)
  }
  expect((await lab.renew(container)).address).toBe(container.address)
})

test('six hundred events in a moment cost a monitor a look or two, and it goes on', async () => {
  const host = await oneHost()
  await host.fanctlJson(['up', ...fan('250.0.0.0/8')])
  const pace = await slowness(host)
  const monitor = spawn('ip', ['netns', 'exec', host.namespace, process.execPath, resolve('bin/fanctl'), 'monitor'], {
    env: {
      ...process.env,
      FANCTL_RUNTIME_DIR: host.folders.runtime,
      FANCTL_STATE_DIR: host.folders.state,
      FANCTL_CONFIG: host.folders.config,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => {
    monitor.kill('SIGKILL')
  })
  let said = ''
  monitor.stdout.on('data', (bytes) => {
    said += String(bytes)
  })
  const until = async (isSo: () => boolean) => {
    for (let wait = 0; wait < 500 * pace && !isSo(); wait += 1) await sleep(10)
    expect({ said, isSo: isSo() }).toMatchObject({ isSo: true })
  }
  await until(() => said !== '')
  const events = Array.from({ length: 300 }, () => 'link set lo promisc on\nlink set lo promisc off\n').join('')
  await host.must(['ip', '-batch', '-'], { input: events })
  const before = said
  await host.must(['ip', 'link', 'del', type === 'ipip' ? 'ftun0' : 'ftun-250'])
  await until(() => said !== before)
  await sleep(1000)
  expect(said.slice(before.length).trim().split('\n')).toHaveLength(1)
  expect((await stateOf(host)).map(({ state }) => state)).toEqual(['up'])
})

async function serverOf(host: LabHost): Promise<string> {
  const ids = (await host.must(['ip', 'netns', 'pids', host.namespace])).split('\n').filter(Boolean)
  for (const id of ids) if ((await host.must(['cat', `/proc/${id}/comm`])).trim() === 'dnsmasq') return id
  return ''
}
