/** An unprivileged user of a host who holds what fanctl's locks are made of is in nobody's way. */
import { spawn } from 'node:child_process'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { linkGroup } from '../../../src/core/creation.js'
import { Lab, type LabHost } from '../lab.js'
import { startMonitor, until } from './monitors.js'

const fan = ['-o', '250.0.0.0/8', '-u', 'eth0/16', '--type', 'vxlan', '--dhcp']
/** Those of NETLINK_USERSOCK that fanctl has for its locks. */
const ports = [linkGroup, linkGroup + 1].map((port) => `2/${port}`)
const asUser = ['setpriv', '--reuid', '65534', '--clear-groups']

let host: LabHost
beforeAll(async () => {
  const lab = await Lab.build({ hosts: 1, name: 'locks' })
  host = lab.hosts[0] as LabHost
  return () => lab.close()
})

/** Runs test/lab/attacks/squatter.cjs by these words until the test has finished. Gives what it could have. */
async function squat(words: readonly string[], taken = ports): Promise<string> {
  const program = [...words, process.execPath, 'test/lab/attacks/squatter.cjs', ...taken]
  const child = spawn('ip', ['netns', 'exec', host.namespace, ...program], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  let text = ''
  child.stdout.on('data', (part) => {
    text += part
  })
  expect(await until(() => text.includes('ready'))).toBe(true)
  return text
}

describe.each([
  { who: 'a user', words: asUser },
  { who: 'root of a user namespace of his own', words: ['unshare', '--user', '--map-root-user'] },
  { who: 'root without CAP_NET_ADMIN', words: ['setpriv', '--bounding-set', '-net_admin', '--inh-caps', '-net_admin'] },
])('$who has the ports', ({ words }) => {
  test('cannot have the groups, and keeps neither commands nor the monitor out', async () => {
    expect(await squat(words)).toBe(`${ports.map((port) => `${port}, but EPERM for groups\n`).join('')}ready\n`)
    const up = await host.fanctl(['up', ...fan, '--no-wait'])
    expect(up, up.complaint).toMatchObject({ status: 0 })
    const monitor = await startMonitor(host)
    await host.must(['ip', 'link', 'del', 'fan-250'])
    expect(await until(() => monitor.said().includes('fan-250'))).toBe(true)
    // It says each repair when that is done; others may follow.
    expect(await until(async () => (await host.fanctl(['plan', ...fan, '--exit-code'])).status === 0)).toBe(true)
    const second = await host.fanctl(['monitor'])
    expect(second.status).toBe(1)
    expect(second.complaint).toMatch(
      new RegExp(`already running on this host: node \\(process ${monitor.id}\\)\n.*\n.*MONITOR_RUNNING`),
    )
    expect(await monitor.stop()).toBe(0)
    expect((await host.fanctl(['down', '-o', '250.0.0.0/8', '--no-wait'])).status).toBe(0)
  })
})

test('commands still wait for each other while a user has the ports', async () => {
  await squat(asUser)
  const all = await Promise.all(Array.from({ length: 4 }, () => host.fanctl(['up', ...fan])))
  expect(all.map(({ complaint }) => complaint)).toEqual(all.map(() => ''))
  expect(all.filter(({ output }) => output.startsWith('fan-250 is up\n'))).toHaveLength(1)
  const downs = await Promise.all(Array.from({ length: 3 }, () => host.fanctl(['down', '-o', '250.0.0.0/8'])))
  expect(downs.map(({ status }) => status).sort()).toEqual([0, 1, 1])
  expect(downs.filter(({ complaint }) => complaint.includes('(FAN_NOT_FOUND)'))).toHaveLength(2)
})

test('a user who has every port that the netlink package would try for a process does not stop it', async () => {
  // In a process namespace of its own, fanctl has a number that can be told beforehand, as one could elsewhere.
  const ids = [1, 2, 3]
  const tries = Array.from({ length: 110 }, (_, index) => 32 + index)
  await squat(
    asUser,
    ids.flatMap((id) => tries.map((number) => `0/${number * 2 ** 22 + id}`)),
  )
  const shell = ['sh', '-c', `'${process.execPath}' bin/fanctl show; exit $?`]
  const { status, output, complaint } = await host.run(['unshare', '--pid', '--fork', '--mount-proc', ...shell])
  expect({ status, complaint }).toEqual({ status: 0, complaint: '' })
  expect(output).toMatch(/^Bridge /)
})
