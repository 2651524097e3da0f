/** A server is ours by what it may do, and not by its name and words, which anybody can choose. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { LabHost } from '../lab.js'
import { labFolder } from '../namespaces.js'
import { oneHost } from '../one-host.js'
import { must } from '../shell.js'
import { labTypes } from '../types.js'
import { asNobody, impostor, waiting } from './impostor.js'

const type = labTypes()[0] ?? 'vxlan'
const up = ['up', '-o', '250.0.0.0/8', '-u', '10.0.0.0/16', '--type', type]
const program = resolve('bin/fanctl')
/** Root as containers have it, which may change the network and trace nobody. */
const withoutTracing = ['setpriv', '--bounding-set', '-sys_ptrace', '--inh-caps', '-all']
/** Processes are hidden from all who may not trace them; hidepid=2 would leave them to the group root. */
const hiding = ['unshare', '--mount', '--', 'sh', '-c', 'mount -t proc -o hidepid=4 proc /proc && exec "$@"', 'sh']

const wordOf = (host: LabHost, bridge = 'fan-250') => `--conf-file=${host.folders.runtime}/${bridge}.dnsmasq.conf`

/** The id of the one server on a host. */
async function serverOn(host: LabHost): Promise<number> {
  const ids = (await must(['ip', 'netns', 'pids', host.namespace])).trim().split('\n')
  return Number(ids.find((id) => readFileSync(`/proc/${id}/comm`, 'utf8') === 'dnsmasq\n'))
}

/** One that nobody has waited for has no words any more. */
function hasEnded(id: number): boolean {
  return !existsSync(`/proc/${id}`) || readFileSync(`/proc/${id}/cmdline`, 'utf8') === ''
}

async function withDhcp(): Promise<LabHost> {
  const host = await oneHost()
  await host.fanctlJson([...up, '--dhcp'])
  return host
}

const impostors: readonly [title: string, before: readonly string[]][] = [
  ['of nobody', asNobody],
  [
    'of nobody in a user namespace of his own, with all capabilities',
    [...asNobody, 'unshare', '--user', '--map-root-user'],
  ],
  [
    'of a program that may change the network, under another name',
    [...asNobody, '--inh-caps', '+net_admin', '--ambient-caps', '+net_admin'],
  ],
]

describe.each(impostors)('an impostor %s', (_, before) => {
  test('is not taken for the server that has ended, and not ended in its place', async () => {
    const host = await withDhcp()
    const server = await serverOn(host)
    const one = await impostor(host, before, ['dnsmasq', wordOf(host)])
    process.kill(server, 'SIGKILL')
    expect((await host.fanctl(['show', '--check'])).status).toBe(3)
    expect(await host.fanctl(['monitor', '--once'])).toMatchObject({
      status: 0,
      output: expect.stringContaining('started dnsmasq on fan-250 again'),
    })
    expect((await host.fanctl(['show', '--check'])).status).toBe(0)
    await host.fanctlJson(['down', '-o', '250.0.0.0/8'])
    expect(one.isAlive()).toBe(true)
  })
})

test('a program with the set-user-ID bit that is kept waiting is no server, not even to who cannot see what it is', async () => {
  const host = await withDhcp()
  process.kill(await serverOn(host), 'SIGKILL')
  await waiting(host, '/bin/su', ['dnsmasq', wordOf(host)])
  for (const before of [[], withoutTracing, asNobody])
    expect((await host.run([...before, process.execPath, program, 'show', '--check'])).status).toBe(3)
})

test('a server that is none makes no fan of a name that is none', async () => {
  const host = await withDhcp()
  await impostor(host, asNobody, ['dnsmasq', wordOf(host, '\u001b[31mx')])
  const all = await host.fanctl(['down', '--everything', '--dry-run'])
  expect(all.output).toContain('# stop dnsmasq on fan-250')
  expect(all.output).not.toContain('[31mx')
})

describe('a server is seen', () => {
  test('by root who may trace nobody, as in a container', async () => {
    const host = await oneHost()
    const fanctl = (...words: string[]) => host.run([...withoutTracing, process.execPath, program, ...words])
    expect(await fanctl(...up, '--dhcp')).toMatchObject({ status: 0, complaint: '' })
    expect((await fanctl('show', '--check')).status).toBe(0)
    const server = await serverOn(host)
    expect((await fanctl('down', '-o', '250.0.0.0/8')).status).toBe(0)
    expect(hasEnded(server)).toBe(true)
  })

  test('by everybody; and where others are hidden, fanctl says that it does not know', async () => {
    const host = await withDhcp()
    const show = (before: readonly string[]) =>
      host.run([...before, ...asNobody, process.execPath, program, 'show', '--check'])
    expect(await show([])).toMatchObject({ status: 0, complaint: expect.not.stringContaining('dnsmasq') })
    const unseen = await show(hiding)
    expect(unseen).toMatchObject({
      status: 0,
      complaint: expect.stringContaining('whether dnsmasq runs was not checked'),
    })
    process.kill(await serverOn(host), 'SIGKILL')
    expect((await show([])).status).toBe(3)
  })

  test('by none from whom others are hidden, who therefore cannot end it and says so', async () => {
    const host = await withDhcp()
    const words = [...hiding, ...withoutTracing, process.execPath, program]
    const server = await serverOn(host)
    const down = await host.run([...words, 'down', '-o', '250.0.0.0/8'])
    expect(down).toMatchObject({ status: 1, complaint: expect.stringContaining("hides other users' processes") })
    expect(hasEnded(server)).toBe(false)
  })

  test('as before, after its program was upgraded', async () => {
    const host = await oneHost()
    const folder = join(labFolder, 'upgraded')
    mkdirSync(folder)
    copyFileSync('/usr/sbin/dnsmasq', join(folder, 'dnsmasq'))
    const environment = { PATH: `${folder}:${process.env['PATH']}` }
    expect((await host.fanctl([...up, '--dhcp'], { environment })).status).toBe(0)
    rmSync(join(folder, 'dnsmasq'))
    expect((await host.fanctl(['show', '--check'])).status).toBe(0)
    await host.fanctlJson(['down', '-o', '250.0.0.0/8'])
  })
})
