/** `down --everything` on a real kernel: records may be lost, what belongs to others stays. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { DownEverythingView } from '../../src/results/down-everything.js'
import type { LabHost } from './lab.js'
import { look, oneHost } from './one-host.js'
import { must } from './shell.js'
import { labTypes } from './types.js'

const types = labTypes()
const everything = ['down', '--everything']

/** A host with two fans with DHCP, and a dnsmasq and a bridge of somebody else's. */
async function busyHost() {
  const host = await oneHost()
  await host.must('ip link add other type bridge'.split(' '))
  const foreign = join(host.folders.state, '..', 'foreign.conf')
  writeFileSync(foreign, 'port=5353\npid-file=\nno-resolv\n')
  await host.must(['dnsmasq', `--conf-file=${foreign}`])
  const before = await look(host)
  for (const [index, overlay] of ['250.0.0.0/8', '251.0.0.0/8'].entries())
    await host.fanctlJson(['up', '-o', overlay, '-u', 'eth0/16', '--type', types[index] ?? types[0] ?? '', '--dhcp'])
  return { host, before }
}

/** The configuration files of the servers that run. */
async function servers(host: LabHost): Promise<string[]> {
  const ids = (await must(['ip', 'netns', 'pids', host.namespace])).trim().split(/\s+/)
  const words = ids.map((id) => readFileSync(`/proc/${id}/cmdline`, 'utf8'))
  return words.flatMap((text) => text.match(/--conf-file=.*\/([^\0]+)/)?.[1] ?? []).sort()
}

const withoutSysctls = ({ [sysctls]: _, ...rest }: Record<string, string>) => rest
const sysctls = 'sysctl net.ipv4.ip_forward net.ipv4.conf.all.send_redirects net.ipv4.conf.all.accept_redirects'

test('all fans go; forwarding stays for the bridge of somebody else, as a warning says', async () => {
  const { host, before } = await busyHost()
  expect(await servers(host)).toEqual(['fan-250.dnsmasq.conf', 'fan-251.dnsmasq.conf', 'foreign.conf'])
  const { bridges, warnings } = await host.fanctlJson<DownEverythingView>(everything)
  expect(bridges).toEqual(['fan-250', 'fan-251'])
  expect(warnings).toEqual([expect.stringContaining('ip_forward stays 1')])
  expect(withoutSysctls(await look(host))).toEqual(withoutSysctls(before))
  expect(await servers(host)).toEqual(['foreign.conf'])
  expect((await host.fanctl([...everything])).output).toBe(
    'nothing to remove: this host has no fans and nothing left of earlier ones\n',
  )
})

test.each([
  ['is gone', (folder: string) => rmSync(folder, { recursive: true })],
  ['has damaged records', (folder: string) => writeFileSync(join(folder, 'fan-250.fan.json'), '{')],
])('the runtime folder %s: links, table and servers go all the same, containers only by force', async (_, damage) => {
  const { host, before } = await busyHost()
  await host.must('ip link add c1 type veth peer name c2'.split(' '))
  await host.must('ip link set c1 master fan-251'.split(' '))
  damage(host.folders.runtime)
  const before2 = await look(host)
  const { status, complaint } = await host.fanctl(everything)
  expect(status).toBe(1)
  expect(complaint).toContain('fan-251 is in use by c1')
  expect(await look(host)).toEqual(before2)
  const { output } = await host.fanctl([...everything, '--force', '--dry-run'])
  expect(output).toContain('ip link del fan-250')
  expect(await look(host)).toEqual(before2)
  const { bridges } = await host.fanctlJson<DownEverythingView>([...everything, '--force'])
  expect(bridges).toEqual(['fan-250', 'fan-251'])
  await host.must('ip link del c1'.split(' '))
  expect(withoutSysctls(await look(host))).toEqual(withoutSysctls(before))
  expect(await servers(host)).toEqual(['foreign.conf'])
})
