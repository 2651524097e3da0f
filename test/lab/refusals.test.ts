/** What a host can be like so that a fan cannot come up: one clear message, and nothing changed. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { LabHost } from './lab.js'
import { labFolder } from './namespaces.js'
import { look, oneHost } from './one-host.js'
import type { RunOptions } from './shell.js'
import { canMake, labTypes } from './types.js'

const type = labTypes()[0] ?? 'vxlan'
const fan = ['-o', '250.0.0.0/8', '--type', type]

interface Case {
  readonly title: string
  /** Commands on the host before. */
  readonly before?: readonly string[]
  readonly words: readonly string[]
  readonly code: string
  readonly says: string
  readonly status?: number
}

const cases: Case[] = [
  { title: 'a device that does not exist', words: ['-u', 'eth9/16'], code: 'DEVICE_NOT_FOUND', says: '"eth9"' },
  {
    title: 'a device without an address',
    before: ['ip link add spare type veth peer name spare2'],
    words: ['-u', 'spare/16'],
    code: 'DEVICE_WITHOUT_ADDRESS',
    says: '"spare"',
  },
  { title: 'loopback', words: ['-u', 'lo/16'], code: 'DEVICE_WITHOUT_ADDRESS', says: '"lo"' },
  {
    title: 'two addresses inside the underlay',
    before: ['ip addr add 10.0.0.77/16 dev eth0'],
    words: ['-u', '10.0.0.0/16'],
    code: 'UNDERLAY_AMBIGUOUS',
    says: '10.0.0.11/16, 10.0.0.77/16',
  },
  {
    title: 'an address that is not on this host',
    words: ['-u', '10.0.3.4/16'],
    code: 'UNDERLAY_NOT_LOCAL',
    says: 'does not have the address 10.0.3.4',
  },
  {
    title: 'a network that this host is not in',
    words: ['-u', '172.16.0.0/16'],
    code: 'UNDERLAY_NOT_LOCAL',
    says: 'no address in 172.16.0.0/16',
  },
  {
    title: 'no default route',
    before: ['ip route del default'],
    words: ['-u', 'default/16'],
    code: 'NO_DEFAULT_ROUTE',
    says: 'no default route',
  },
  {
    title: 'an overlay that another route covers',
    before: ['ip route add 250.1.0.0/16 dev eth0'],
    words: ['-u', 'eth0/16'],
    code: 'OVERLAY_ROUTED',
    says: '250.1.0.0/16 dev eth0',
  },
  {
    title: 'an underlay that takes small packets only',
    before: ['ip link set eth0 mtu 590'],
    words: ['-u', 'eth0/16'],
    code: 'UNDERLAY_MTU_TOO_SMALL',
    says: 'MTU is 590',
  },
  {
    title: 'an MTU above that of the underlay',
    words: ['-u', 'eth0/16', '--mtu', '1500'],
    code: 'MTU_INVALID',
    says: '1500',
    status: 2,
  },
  {
    title: 'a foreign link with the name of the bridge',
    before: ['ip link add fan-250 type bridge'],
    words: ['-u', 'eth0/16'],
    code: 'LINK_CONFLICT',
    says: '"fan-250" is taken by a bridge link',
  },
  {
    title: 'hardware with the name of the bridge',
    words: ['-u', 'eth0/16', '--bridge', 'eth0'],
    code: 'LINK_CONFLICT',
    says: '"eth0"',
  },
  {
    title: 'an underlay in which this host would have the network address',
    before: ['ip addr add 192.168.0.0/16 dev eth0'],
    words: ['-u', '192.168.0.0/24'],
    code: 'HOST_UNUSABLE',
    says: 'network address',
    status: 2,
  },
]

describe('up refuses', () => {
  test.each(cases)('$title', async ({ before = [], words, code, says, status = 1 }) => {
    const host = await oneHost()
    for (const command of before) await host.must(command.split(' '))
    await expectRefusal(host, ['up', ...fan, ...words], { code, says, status })
  })

  test('a kernel without the module', async ({ skip }) => {
    skip(canMake('ipip'), 'this kernel has ipip')
    const words = ['up', '-o', '250.0.0.0/8', '-u', 'eth0/16', '--type', 'ipip']
    await expectRefusal(await oneHost(), words, { code: 'MODULE_MISSING', says: 'its module ipip is missing' })
  })

  test('a UDP port that another vxlan link has', async ({ skip }) => {
    skip(!labTypes().includes('vxlan'), 'no vxlan here')
    const host = await oneHost()
    await host.must('ip link add other type vxlan id 5 dstport 8472 remote 10.0.0.12'.split(' '))
    await host.must(['ip', 'link', 'set', 'other', 'up'])
    const words = ['up', '-o', '250.0.0.0/8', '-u', 'eth0/16', '--type', 'vxlan']
    await expectRefusal(host, words, { code: 'PORT_TAKEN', says: 'UDP port 8472 is taken by the vxlan link other' })
  })

  test('port 53 that another dnsmasq has', async () => {
    const host = await oneHost()
    await host.must(['dnsmasq', '--conf-file=/dev/null', '--pid-file=', '--no-resolv'])
    const refusal = { code: 'DNS_PORT_TAKEN', says: 'port 53 is taken by dnsmasq (process ' }
    await expectRefusal(host, ['up', ...fan, '-u', 'eth0/16', '--dhcp'], refusal)
  })

  test('root without its rights, before anything else', async () => {
    const host = await oneHost()
    const wrapper = ['setpriv', '--bounding-set=-net_admin']
    await expectRefusal(
      host,
      ['up', ...fan, '-u', 'eth0/16'],
      { code: 'NOT_ROOT', says: 'root privileges are needed' },
      wrapper,
    )
    await expectRefusal(
      host,
      ['plan', ...fan, '-u', 'eth0/16'],
      { code: 'NOT_ROOT', says: 'root privileges are needed' },
      wrapper,
    )
  })

  test.each([
    { missing: 'dnsmasq', words: ['--dhcp'], advice: 'apt-get install dnsmasq-base' },
    { missing: 'nft', words: ['--nat'], advice: 'apt-get install nftables' },
  ])('a host without $missing, and names the package', async ({ missing, words, advice }) => {
    const host = await oneHost()
    const refusal = {
      code: 'PROGRAM_MISSING',
      says: `the program ${missing} is not installed\n  install it: ${advice}`,
    }
    await expectRefusal(host, ['up', ...fan, '-u', 'eth0/16', ...words], refusal, hiding(missing))
  })

  test('what belongs to another fan of the host', async () => {
    const host = await oneHost()
    await host.fanctlJson(['up', ...fan, '-u', 'eth0/16'])
    const like = (words: readonly string[]) => ['up', '-u', 'eth0/16', '--type', type, ...words]
    const taken = { code: 'OVERLAY_TAKEN', says: 'overlaps the fan on fan-250' }
    await expectRefusal(host, like(['-o', '250.0.0.0/8', '--bridge', 'other']), taken)
    await expectRefusal(host, like(['-o', '250.64.0.0/10']), taken)
    const bridge = { code: 'BRIDGE_TAKEN', says: 'belongs to the fan 250.0.0.0/8 over 10.0.0.11/16' }
    await expectRefusal(host, like(['-o', '251.0.0.0/8', '--bridge', 'fan-250']), bridge)
  })

  test('a record that a newer version has written', async () => {
    const host = await oneHost()
    await host.fanctlJson(['up', ...fan, '-u', 'eth0/16'])
    const record = `${host.folders.runtime}/fan-250.fan.json`
    await host.must(['sh', '-c', `echo '{"format":2}' >${record}`])
    const refusal = { code: 'RECORD_NEWER', says: `${record} was written by a newer fanctl` }
    await expectRefusal(host, ['up', ...fan, '-u', 'eth0/16'], refusal)
  })

  test('a runtime folder that cannot be written', async () => {
    const host = await oneHost()
    const options = { environment: { FANCTL_RUNTIME_DIR: '/proc/no/such/folder' } }
    await expectRefusal(host, ['up', ...fan, '-u', 'eth0/16'], { code: 'FILE_UNUSABLE', says: '/proc/no' }, [], options)
  })
})

interface Refusal {
  readonly code: string
  readonly says: string
  readonly status?: number
}

/** Runs a command that has to fail with this message, and leave the host as it was. */
async function expectRefusal(
  host: LabHost,
  words: readonly string[],
  { code, says, status = 1 }: Refusal,
  wrapper: readonly string[] = [],
  options: RunOptions = {},
): Promise<void> {
  const before = await look(host)
  const started = Date.now()
  const result = await host.run([...wrapper, process.execPath, 'bin/fanctl', ...words], options)
  // Nothing keeps it waiting once it has said what is wrong.
  expect(Date.now() - started).toBeLessThan(15_000)
  expect(result.complaint).toContain(says)
  expect(result.complaint.trimEnd()).toMatch(new RegExp(`\\(${code}\\)$`))
  expect(result).toMatchObject({ status, output: '' })
  expect(await look(host)).toEqual(before)
}

/** A mount namespace without the folder where dnsmasq and nft are; the other one of them is copied aside first. */
function hiding(program: string): string[] {
  const folder = join(labFolder, `without-${program}`)
  mkdirSync(folder, { recursive: true })
  const other = program === 'nft' ? 'dnsmasq' : 'nft'
  const script = `cp /usr/sbin/${other} ${folder}/ && mount -t tmpfs tmpfs /usr/sbin && PATH=${folder}:/usr/local/bin:/usr/bin:/bin && exec "$@"`
  return ['unshare', '--mount', 'sh', '-c', script, 'sh']
}
