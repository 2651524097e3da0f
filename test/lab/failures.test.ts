/** What can go wrong on the way: disks, programs, signals. Each time the host is put back, and the message says why. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { LabHost } from './lab.js'
import { labFolder } from './namespaces.js'
import { look, oneHost } from './one-host.js'
import { alternately, standingIn, whenLoading } from './stand-ins.js'
import { labTypes } from './types.js'

const type = labTypes()[0] ?? 'vxlan'
const fan = ['-o', '250.0.0.0/8', '-u', 'eth0/16', '--type', type, '--dhcp']
const up = ['up', ...fan]
const down = ['down', '-o', '250.0.0.0/8']

/** Runs a script with the folders of a host as mount points of its own, which go with it. `fanctl` is the program. */
async function withMounts(host: LabHost, script: string) {
  for (const folder of Object.values(host.folders)) mkdirSync(folder, { recursive: true })
  const before = await look(host)
  const { runtime, state } = host.folders
  const start = `runtime=${runtime} state=${state}; fan='${fan.join(' ')}'
    fanctl() { '${process.execPath}' bin/fanctl "$@"; }
    left() { echo "left: $(ls -A $1 | tr '\\n' ' ')"; }`
  const result = await host.run(['unshare', '--mount', 'sh', '-c', `${start}\n${script}`])
  expect(await look(host)).toEqual(before)
  return { ...result, left: [...result.output.matchAll(/^left: (.*?) *$/gm)].map((match) => match[1]) }
}

describe('a full disk', () => {
  test('up fails at every file for which the runtime folder has no room, and leaves none', async () => {
    const host = await oneHost()
    // The folder itself is one, and it has three files.
    for (const room of [1, 2, 3, 4]) {
      const { status, complaint, left } = await withMounts(
        host,
        `mount -t tmpfs -o nr_inodes=${room} tmpfs $runtime
        fanctl up $fan; status=$?; left $runtime
        [ $status != 0 ] || fanctl down -o 250.0.0.0/8
        exit $status`,
      )
      expect(status, complaint).toBe(room < 4 ? 1 : 0)
      if (room === 4) return
      expect(complaint).toMatch(/\.json cannot be used: ENOSPC: no space|\.conf cannot be used: ENOSPC: no space/)
      expect(complaint).toContain('(FILE_UNUSABLE)')
      expect(left).toEqual([''])
    }
  })

  test('a change fails and leaves the fan as it was, and down needs no room', async () => {
    const { status, complaint, left } = await withMounts(
      await oneHost(),
      `set -e
      mount -t tmpfs -o size=64k tmpfs $runtime
      fanctl up $fan
      dd if=/dev/zero of=$runtime/filling bs=1k status=none || true
      fanctl up $fan --mtu 1400 && exit 9
      fanctl plan $fan --exit-code
      fanctl down -o 250.0.0.0/8
      left $runtime`,
    )
    expect({ status, left }, complaint).toEqual({ status: 0, left: ['filling'] })
    expect(complaint).toContain('ENOSPC')
  })
})

describe('a read-only file system', () => {
  test('for the runtime folder: nothing comes up', async () => {
    const script = 'mount -t tmpfs -o ro tmpfs $runtime; fanctl up $fan'
    const { status, complaint } = await withMounts(await oneHost(), script)
    expect(status).toBe(1)
    expect(complaint).toMatch(
      /host-before.json cannot be used: EROFS: read-only file system.*\n.*\n *\(FILE_UNUSABLE\)/,
    )
  })

  test('for the runtime folder later on: a change changes nothing, down goes as far as it can and can be run again', async () => {
    const { status, complaint } = await withMounts(
      await oneHost(),
      `mount -t tmpfs tmpfs $runtime
      fanctl up $fan || exit 9
      mount -o remount,ro $runtime
      fanctl up $fan --mtu 1400 && exit 8
      fanctl plan $fan --exit-code || exit 7
      fanctl down -o 250.0.0.0/8 && exit 6
      mount -o remount,rw $runtime
      fanctl down -o 250.0.0.0/8`,
    )
    expect(status, complaint).toBe(0)
    expect(complaint).toMatch(/fan-250.fan.json cannot be used: EROFS/)
    expect(complaint).toMatch(/the fan was only partly taken down: .*EROFS.*\n.*\n *\(TEARDOWN_INCOMPLETE\)/)
  })

  test.each([
    { title: 'without leases', leases: '', code: 'FILE_UNUSABLE', says: 'fan-250.leases cannot be used: EROFS' },
    {
      title: 'with leases, which dnsmasq cannot write then',
      leases: 'touch $state/fan-250.leases;',
      code: 'DHCP_FAILED',
      says: 'dnsmasq did not start on fan-250: cannot open or create lease file',
    },
  ])('for the state folder $title', async ({ leases, code, says }) => {
    const { status, complaint, left } = await withMounts(
      await oneHost(),
      `mount -t tmpfs tmpfs $state; ${leases} mount -o remount,ro $state
      fanctl up $fan; status=$?; left $runtime; exit $status`,
    )
    expect({ status, left }).toEqual({ status: 1, left: [''] })
    expect(complaint).toContain(says)
    expect(complaint).toContain(`(${code})`)
  })
})

describe('a program that fails', () => {
  const complaint = 'echo "dnsmasq: something odd" >&2; echo "dnsmasq: out of luck" >&2'
  const said = 'something odd; out of luck'
  test.each([
    ['dnsmasq that refuses', 'dnsmasq', `${complaint}; exit 3`, 'DHCP_FAILED', `on fan-250: ${said}`],
    ['dnsmasq that ends at once', 'dnsmasq', `${complaint}; exit 0`, 'DHCP_FAILED', `on fan-250: ${said}`],
    ['dnsmasq without a word', 'dnsmasq', 'exit 0', 'DHCP_FAILED', 'on fan-250: it exited at once'],
    [
      'dnsmasq that is killed',
      'dnsmasq',
      'kill -KILL $$',
      'PROGRAM_FAILED',
      'dnsmasq could not be run: killed by SIGKILL',
    ],
    [
      'nft that refuses',
      'nft',
      whenLoading('echo "/dev/stdin:3:1-9: Error: Could not process rule: No such file or directory" >&2; exit 1'),
      'FIREWALL_FAILED',
      'nft rejected the table inet fanctl: Could not process rule: No such file or directory',
    ],
    [
      'nft that is killed',
      'nft',
      whenLoading('kill -KILL $$'),
      'PROGRAM_FAILED',
      'nft could not be run: killed by SIGKILL',
    ],
  ] as const)('%s', async (_, program, script, code, says) => {
    const host = await oneHost()
    const before = await look(host)
    const { status, complaint: message } = await host.fanctl(up, standingIn(program, script))
    expect(message).toContain(says)
    expect(message).toContain(`(${code})`)
    expect(status).toBe(1)
    expect(await look(host)).toEqual(before)
  })

  test('nft that refuses while a fan goes down: the rest goes, and down can be run again', async () => {
    const host = await oneHost()
    const before = await look(host)
    await host.fanctlJson(up)
    const refusing = standingIn('nft', whenLoading('echo "Error: not today" >&2; exit 1'))
    const { status, complaint: message } = await host.fanctl(down, refusing)
    expect(status).toBe(1)
    expect(message).toContain('the fan was only partly taken down: nft rejected the table inet fanctl: not today')
    expect((await look(host))['ip -d link']).toBe(before['ip -d link'])
    await host.fanctlJson(down)
    expect(await look(host)).toEqual(before)
  })

  test('port 67 that another program has', async () => {
    const host = await oneHost()
    const listen = 'require("dgram").createSocket("udp4").bind(67); setTimeout(() => process.exit(), 20_000)'
    const other = host.run([process.execPath, '-e', listen])
    await waitFor(async () => (await host.must(['ss', '-Hlun', 'sport', '=', '67'])) !== '')
    const before = await look(host)
    const { complaint: message } = await host.fanctl(up)
    const holder = message.match(/dnsmasq cannot listen on 250\.0\.11\.1: port 67 is taken by node \(process (\d+)\)/)
    expect(holder, message).not.toBeNull()
    expect(await look(host)).toEqual(before)
    process.kill(Number(holder?.[1]))
    await other
  })
})

describe.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s', (signal) => {
  const strike = `kill -${signal.slice(3)} $PPID`

  test.each([
    ['nft', whenLoading(strike)],
    ['dnsmasq', strike],
  ] as const)('while %s runs: up puts the host back', async (program, script) => {
    const host = await oneHost()
    const before = await look(host)
    const { status, complaint } = await host.fanctl(up, standingIn(program, script))
    expect(complaint).toContain(`stopped by ${signal}; the host is as it was before`)
    expect(status).toBe(1)
    expect(await look(host)).toEqual(before)
  })

  test('while nft runs: down finishes', async () => {
    const host = await oneHost()
    const before = await look(host)
    await host.fanctlJson(up)
    expect(await host.fanctl(down, standingIn('nft', whenLoading(strike)))).toMatchObject({ status: 0 })
    expect(await look(host)).toEqual(before)
  })

  test('at any moment: up is done, or has not been', async () => {
    const host = await oneHost()
    const before = await look(host)
    const started = Date.now()
    await host.fanctlJson(up)
    const whole = Date.now() - started
    await host.fanctlJson(down)
    for (let part = 1; part <= 6; part += 1) {
      const moment = Math.round((whole * part) / 6)
      const { output, complaint } = await struck(host, up, signal, moment)
      // While Node takes itself down, a signal can still end it: what counts is what has been said.
      if (output.includes('fan-250 is up')) await host.fanctlJson(down)
      // Before it listens to signals, it has touched nothing and just ends.
      else expect(complaint === '' ? 'nothing' : complaint).toMatch(/^nothing$|\(INTERRUPTED\)/)
      expect(await look(host), `after ${moment} of ${whole} ms`).toEqual(before)
    }
  })
})

/** As a signal hits a program that is still in the process group, or that a service manager stops with its service. */
describe('a signal that hits a program, too', () => {
  const hit = (signal: string) => `kill -${signal.slice(3)} $PPID $$`

  test.each([
    ['SIGINT', 'each nft that loads rules, the first time', 'nft', whenLoading(alternately(hit('SIGINT')))],
    ['SIGTERM', 'each nft, the first time', 'nft', alternately(hit('SIGTERM'))],
    ['SIGHUP', 'every nft that loads rules', 'nft', whenLoading(hit('SIGHUP'))],
    ['SIGHUP', 'dnsmasq, the first time', 'dnsmasq', alternately(hit('SIGHUP'))],
    ['SIGINT', 'every dnsmasq', 'dnsmasq', hit('SIGINT')],
    ['SIGTERM', 'dnsmasq, which ends with a status of its own', 'dnsmasq', 'kill -TERM $PPID; exit 5'],
  ] as const)('%s and %s: up puts the host back, by the same programs', async (signal, _, program, script) => {
    const host = await oneHost()
    const before = await look(host)
    const { status, complaint } = await host.fanctl(up, standingIn(program, script))
    expect(complaint).toBe(`fanctl: stopped by ${signal}; the host is as it was before\n  (INTERRUPTED)\n`)
    expect(status).toBe(1)
    expect(await look(host)).toEqual(before)
  })

  test('and comes while the host is looked at after the last step: up is done', async () => {
    const host = await oneHost()
    const before = await look(host)
    const loaded = join(labFolder, 'loaded')
    const looking = `[ ! -e ${loaded} ] || { rm ${loaded}; ${hit('SIGTERM')}; }`
    const nft = standingIn('nft', `case "$*" in *-f*) touch ${loaded} ;; *list*table*) ${looking} ;; esac`)
    const done = await host.fanctl(up, nft)
    expect(done).toMatchObject({ status: 0, output: expect.stringContaining('fan-250 is up'), complaint: '' })
    expect(existsSync(loaded)).toBe(false)
    expect((await host.fanctl(['plan', ...fan, '--exit-code'])).status).toBe(0)
    await host.fanctlJson(down)
    expect(await look(host)).toEqual(before)
  })

  test.each([
    ['fanctl down', 'fanctl', down],
    ['fanatic disable-fan', 'fanatic', ['disable-fan', '-o', '250.0.0.0/8', '-u', 'eth0/16']],
  ])('%s finishes', async (_, program, words) => {
    const host = await oneHost()
    const before = await look(host)
    await host.fanctlJson(up)
    const nft = standingIn('nft', alternately(hit('SIGHUP')))
    const done = await host.run([process.execPath, `bin/${program}`, ...words], nft)
    expect(done).toMatchObject({ status: 0, output: 'fan-250 is down\n', complaint: '' })
    expect(await look(host)).toEqual(before)
  })
})

describe('another fanctl has the lock', () => {
  test('--no-wait says who, a signal ends the wait, a terminal hears of it, and then it is our turn', async () => {
    const host = await oneHost()
    const before = await look(host)
    const [begun, go] = ['begun', 'go'].map((name) => join(labFolder, name)) as [string, string]
    const script = `touch ${begun}; for i in $(seq 150); do [ -e ${go} ] && break; sleep 0.1; done`
    const first = host.fanctl(up, standingIn('dnsmasq', script))
    await waitFor(async () => existsSync(begun))
    for (const words of [up, down]) {
      const { status, complaint } = await host.fanctl([...words, '--no-wait'])
      expect(complaint).toMatch(
        /fanctl: node \(process \d+\) is changing this host's fans\n.*--no-wait.*\n *\(LOCKED\)/,
      )
      expect(status).toBe(1)
      const stopped = await struck(host, words, 'SIGINT', 3000)
      expect(stopped).toMatchObject({ status: 1, complaint: expect.stringContaining('stopped by SIGINT') })
    }
    const terminal = ['script', '--quiet', '--return', '--command', `${process.execPath} bin/fanctl ${up.join(' ')}`]
    const second = host.run([...terminal, '/dev/null'])
    await new Promise((resolve) => setTimeout(resolve, 4000))
    writeFileSync(go, '')
    expect((await first).status).toBe(0)
    const { status, output } = await second
    expect(output).toMatch(/fanctl: waiting: node \(process \d+\) is changing this host's fans/)
    expect(output).toContain('is already up')
    expect(status).toBe(0)
    await host.fanctlJson(down)
    expect(await look(host)).toEqual(before)
  })
})

test('what a writer that was killed has left goes with the next command', async () => {
  const host = await oneHost()
  const before = await look(host)
  const { runtime } = host.folders
  mkdirSync(runtime, { recursive: true })
  writeFileSync(join(runtime, 'host-before.json.999999999.0123456789abcdef.new'), '{"form')
  await host.fanctl(down)
  expect(await look(host)).toEqual(before)
})

/** Runs fanctl and sends it a signal after some milliseconds, as timeout(1) does: to it, and then to its group. */
function struck(host: LabHost, words: readonly string[], signal: NodeJS.Signals, after: number) {
  const blows = (['process', 'group'] as const).map((to) => ({ after, signal, to }))
  return host.fanctl(words, { blows })
}

async function waitFor(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await isSo()) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('waited for too long')
}
