/**
 * What comes from outside does not act on root's terminal, in the journal or in a shell: each place that others choose
 * holds what a terminal acts on, and everything that fanctl prints of it is looked at.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { Lab, type LabHost } from '../lab.js'
import { labFolder, namespaceName } from '../namespaces.js'
import { must, type Outcome, type RunOptions } from '../shell.js'
import { standingIn, whenLoading } from '../stand-ins.js'
import { labTypes } from '../types.js'

const type = labTypes()[0] ?? 'vxlan'
const fan = ['-o', '250.0.0.0/8', '-u', '10.0.0.0/16', '--type', type]
const bridge = 'fan-250'

/** Colour, a title, a turned line, a line of its own, a cursor, what is not seen. Within 15 bytes: names of processes. */
const evil = '\u001b[31m\u202e\u200bx\u009b'
/** And what a shell would run. A link's name can have no space, slash or colon. */
const linkName = '\u001b[31m\u202e$(id)'
const acted = /(?![\n\t])[\p{C}\p{Zl}\p{Zp}]/u

/** What is printed has the value in it, shown by its codes, and nothing that acts. */
function expectShown({ output, complaint }: Outcome, json = false): void {
  const all = output + complaint
  expect(all).toMatch(/\\u001b\[31m\\+u202e/)
  expect(all).not.toMatch(acted)
  if (json) expect(JSON.stringify(JSON.parse(output))).toContain('31m\u202e')
}

const lab = await Lab.build({ hosts: 1 })
const [host] = lab.hosts as [LabHost]
/** A container with an address by hand, whose processes and whose card have names of its choice. */
const namespace = namespaceName('evil')
const address = '250.0.11.200'

beforeAll(async () => {
  await host.fanctlJson(['up', ...fan, '--dhcp'])
  await must(['ip', 'netns', 'add', namespace])
  await must([
    'ip',
    '-n',
    host.namespace,
    'link',
    'add',
    linkName,
    'type',
    'veth',
    'peer',
    'name',
    'eth0',
    'netns',
    namespace,
  ])
  await must(['ip', '-n', host.namespace, 'link', 'set', 'dev', linkName, 'master', bridge, 'up'])
  await must(['ip', '-n', namespace, 'link', 'set', 'eth0', 'up'])
  await must(['ip', '-n', namespace, 'addr', 'add', `${address}/24`, 'dev', 'eth0'])
  // Whoever is in the namespace is named only where the namespace has no name.
  const inside = spawn('ip', ['netns', 'exec', namespace, ...named(evil), 'print "up\\n"; sleep 1 while 1'])
  await once(inside.stdout, 'data')
  await must(['umount', `/run/netns/${namespace}`])
  rmSync(`/run/netns/${namespace}`)
  return async () => {
    inside.kill('SIGKILL')
    await once(inside, 'exit')
    lab.close()
  }
})

/** Perl under another name. What follows is its program. */
function named(name: string): string[] {
  return ['perl', '-e', `$| = 1; $0 = pack("H*", "${Buffer.from(name).toString('hex')}"); `.concat('eval shift')]
}

const fanctl = (words: readonly string[], options: RunOptions = {}) => host.fanctl(words, options)

describe('a lease of a name that is none', () => {
  const file = join(host.folders.state, `${bridge}.leases`)
  const write = () =>
    writeFileSync(file, `4000000000 02:00:00:00:00:01 ${address} ${evil}\u0085\u2028\ufeff${'y'.repeat(100_000)} *\n`)

  test('in the list of leases: in its column, and not without end', async () => {
    write()
    const listed = await fanctl(['leases'])
    expectShown(listed)
    expect(listed.output).toMatch(/^fan-250 +250\.0\.11\.200 .* 2096-10-02T07:06:40\.000Z$/m)
    expect(listed.output.length).toBeLessThan(2000)
  })

  test('as JSON, which means what is in the file', async () => {
    write()
    const listed = await fanctl(['leases', '--json'])
    expectShown(listed, true)
    expect(JSON.parse(listed.output)).toMatchObject({ leases: [{ hostname: expect.stringContaining('\u0085\u2028') }] })
  })

  test('in a trace', async () => {
    write()
    expectShown(await fanctl(['trace', address, '--no-probe']))
  })
})

describe('a container', () => {
  test('whose processes and card have such names, in a trace', async () => {
    const traced = await fanctl(['trace', address])
    expectShown(traced)
    expect(traced.output).toMatch(/the namespace of \\u001b\[31m\\u202e\\u200bx/)
    expect(traced.output).toMatch(/on port \\u001b\[31m\\u202e\$\(id\) of fan-250/)
  })

  test('the same as JSON', async () => {
    expectShown(await fanctl(['trace', address, '--json']), true)
  })

  test('that is in the way of down', async () => {
    const words = ['down', '-o', '250.0.0.0/8']
    const refused = await fanctl(words)
    expect(refused.status).toBe(1)
    expectShown(refused)
    expect((await fanctl([...words, '--json'])).output).not.toMatch(acted)
  })

  test.each<[title: string, words: readonly string[], environment: Readonly<Record<string, string>>]>([
    ['in the journal', [], { JOURNAL_STREAM: '8:1' }],
    ['as JSON', ['--json'], {}],
  ])('as the monitor tells of it, %s', async (_, words, environment) => {
    const { runtime, state, config } = host.folders
    const folders = { FANCTL_RUNTIME_DIR: runtime, FANCTL_STATE_DIR: state, FANCTL_CONFIG: config }
    const all = ['netns', 'exec', host.namespace, process.execPath, 'bin/fanctl', 'monitor', ...words]
    const monitor = spawn('ip', all, { env: { ...process.env, ...folders, ...environment } })
    const ended = once(monitor, 'exit')
    onTestFinished(async () => {
      monitor.kill('SIGTERM')
      await ended
    })
    let output = ''
    monitor.stdout.setEncoding('utf8').on('data', (text) => {
      output += text
    })
    const says = (text: string) => vi.waitFor(() => expect(output).toContain(text), { timeout: 60_000 })
    await says("watching this host's fans")
    // It knows the container's link once it has looked.
    await host.must(['ip', 'addr', 'flush', 'dev', bridge])
    await says('restored address')
    await host.must(['ip', 'link', 'del', bridge])
    await says('restored bridge')
    expectShown({ status: 0, output, complaint: '' })
    const isLine = words.length > 0 ? /^\{.*\}$/ : /^<[346]>/
    expect(
      output
        .trimEnd()
        .split('\n')
        .filter((line) => !isLine.test(line)),
    ).toEqual([])
    if (words.length > 0) expect(output).toContain(String.raw`ip link set '\u001b[31m\u202e$(id)' master fan-250`)
  })
})

describe('a process', () => {
  test('that has the port of a fan', async () => {
    const holder = `use IO::Socket::INET; my $s = IO::Socket::INET->new(Proto => "udp", LocalAddr => "0.0.0.0:8473") or die; print "up\\n"; sleep 1 while 1`
    const words = [
      'netns',
      'exec',
      host.namespace,
      'setpriv',
      '--reuid',
      '65534',
      '--clear-groups',
      ...named(evil),
      holder,
    ]
    const child = spawn('ip', words)
    onTestFinished(async () => {
      child.kill('SIGKILL')
      await once(child, 'exit')
    })
    await once(child.stdout, 'data')
    const other = ['-o', '251.0.0.0/8', '-u', '10.0.0.0/16', '--type', 'vxlan', '--port', '8473']
    expectShown(await fanctl(['up', ...other]))
    expectShown(await fanctl(['up', ...other, '--json']))
  })
})

describe('a program of the system', () => {
  const says = `printf '${'\\033[31m\\342\\200\\256\\n<0>x\\302\\233\\342\\200\\250'}\\n' >&2; exit 1`

  test.each([
    ['nft', standingIn('nft', whenLoading(says))],
    ['dnsmasq', standingIn('dnsmasq', says)],
  ])('%s, in an error and in JSON', async (_, options) => {
    const other = ['-o', '251.0.0.0/8', '-u', '10.0.0.0/16', '--type', type, '--dhcp', '--port', '8474']
    const failed = await fanctl(['up', ...other.slice(0, type === 'vxlan' ? 9 : 7)], options)
    expectShown(failed)
    expect(failed.complaint.split('\n').filter((line) => /^<|^x/.test(line))).toEqual([])
    expect((await fanctl(['up', ...other.slice(0, type === 'vxlan' ? 9 : 7), '--json'], options)).output).not.toMatch(
      acted,
    )
  })
})

/** What root types or sets himself, often by pasting; and files that another program has written. */
describe('what is asked for', () => {
  const file = join(labFolder, 'lines')
  const text = `250.0.0.0/8 eth0/16 ${evil}\n# \u202e\u2066\n`

  test.each<[title: string, words: readonly string[], options?: RunOptions]>([
    ['a flag', ['show', `--${evil}`]],
    ['a command', [evil]],
    ['a command of config', ['config', evil]],
    ['an overlay', ['plan', '-o', evil, '-u', '10.0.0.0/16']],
    ['an underlay', ['plan', '-o', '251.0.0.0/8', '-u', evil]],
    ['an option in words', ['up', '251.0.0.0/8', '10.0.0.0/16', evil]],
    ['an address', ['trace', evil]],
    ['a number', ['trace', address, '--count', evil]],
    ['a word too many', ['show', evil]],
    ['an address for map', ['map', '250.0.0.0/8', '10.0.0.0/16', evil]],
    ['a line for map', ['map', '250.0.0.0/8', '10.0.0.0/16', '-'], { input: `${evil}\n` }],
    ['a file of metrics', ['monitor', '--once', '--metrics', `/proc/none/${evil}`]],
    ['a file to check', ['config', 'check', `/nonexistent/${evil}`]],
    ['a line of the fan file, shown', ['config', 'show'], { environment: { FANCTL_CONFIG: file } }],
    [
      'a file to import',
      ['config', 'import', '-'],
      { input: `name: ${evil}\ntype: bridge\nconfig:\n  ${evil}: x\n  bridge.mode: fan\n` },
    ],
    ['the path of the fan file', ['config', 'show'], { environment: { FANCTL_CONFIG: `/${evil}` } }],
    ['the runtime folder', ['show'], { environment: { FANCTL_RUNTIME_DIR: `/${evil}` } }],
    ['the state folder', ['leases'], { environment: { FANCTL_STATE_DIR: `/${evil}` } }],
    ['a link, which a command that helps then names', ['plan', '-o', '251.0.0.0/8', '-u', `${linkName}/16`]],
  ])('%s, as text and as JSON', async (_, words, options) => {
    writeFileSync(file, text)
    const [asText, asJson] = await Promise.all([fanctl(words, options), fanctl([...words, '--json'], options)])
    expectShown(asText)
    expect(asJson.output + asJson.complaint).not.toMatch(acted)
  })

  /** Which tell of it in other words. */
  test.each<[title: string, words: readonly string[], options?: RunOptions]>([
    ['a line of the fan file', ['config', 'check', '-'], { input: text }],
    ['a line of the fan file, brought up', ['up', '-a'], { environment: { FANCTL_CONFIG: file } }],
    ['a record', ['show'], { environment: { FANCTL_RUNTIME_DIR: join(labFolder, 'records') } }],
    ['the name of a record', ['show'], { environment: { FANCTL_RUNTIME_DIR: join(labFolder, 'names') } }],
  ])('%s, in other words', async (_, words, options) => {
    writeFileSync(file, text)
    for (const [folder, name, content] of [
      ['records', 'fan-251.fan.json', `{"format":1,"${evil}":`],
      ['names', `${evil}.fan.json`, '{}'],
    ] as const) {
      mkdirSync(join(labFolder, folder), { recursive: true })
      writeFileSync(join(labFolder, folder, name), content)
    }
    const both = await Promise.all([fanctl(words, options), fanctl([...words, '--json'], options)])
    for (const { output, complaint } of both) expect(output + complaint).not.toMatch(acted)
  })
})
