/** What users of ubuntu-fan have typed and written for years, with the real program on real hosts. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Lab, type LabHost } from './lab.js'
import { slowness } from './pace.js'
import { snapshot } from './snapshot.js'
import { labTypes } from './types.js'

/** Words that this kernel needs besides. */
const more = [...(labTypes().includes('ipip') ? [] : ['type', 'vxlan'])]
const optionsOfLine = more.join(' ').replaceAll(/type vxlan/g, '--type vxlan')
const fanaticProgram = resolve('bin/fanatic')

let lab: Lab
let host: LabHost

beforeAll(async () => {
  lab = await Lab.build({ hosts: 1 })
  const [first] = lab.hosts
  if (!first) throw new Error('no host')
  host = first
})
afterAll(() => lab.close())
beforeEach(async () => {
  await host.fanctl(['down', '-a', '--force'])
  for (const folder of [host.folders.config, host.folders.state]) rmSync(folder, { recursive: true, force: true })
  await liveAt('10.0.0.11/16')
})

/** Gives the host's card another address. */
async function liveAt(address: string): Promise<void> {
  await host.must(['ip', 'addr', 'flush', 'dev', 'eth0'])
  await host.must(['ip', 'addr', 'add', address, 'dev', 'eth0'])
  await host.must(['ip', 'route', 'replace', 'default', 'dev', 'eth0'])
}

const fanctl = (line: string) => host.fanctl(line.split(' '))
const fanatic = (line: string) => host.run([process.execPath, fanaticProgram, ...line.split(' ')])
const look = () => snapshot((words) => host.must(words), host.folders.runtime)
const shown = async () => (await fanctl('show')).output.trimEnd().split('\n').slice(1)
const write = (...lines: string[]) => writeFileSync(host.folders.config, lines.map((line) => `${line}\n`).join(''))

describe('a line of a script', () => {
  test.each([
    ['10.0.0.0/8 172.16.3.4/16', '172.16.3.4/16', 'fan-10           172.16.3.4/16        10.0.0.0/8'],
    ['10.0.0.0/8 eth0/16 dhcp', '172.16.3.4/16', 'fan-10           172.16.3.4/16        10.0.0.0/8           dhcp'],
    [
      '-u 10.0.2.15/16 -o 250.0.0.0/8 --bridge=docker0 --dhcp',
      '10.0.2.15/16',
      'docker0          10.0.2.15/16         250.0.0.0/8          dhcp bridge=docker0',
    ],
    ['-o 250.0.0.0/8 -u 10.0.3.4/16', '10.0.3.4/16', 'fan-250          10.0.3.4/16          250.0.0.0/8'],
    ['-u 172.16.3.4/16 -o 250.0.0.0/8', '172.16.3.4/16', 'fan-250          172.16.3.4/16        250.0.0.0/8'],
    ['-u 172.16.0.0/16 -o 250.0.0.0/8', '172.16.3.4/16', 'fan-250          172.16.3.4/16        250.0.0.0/8'],
    ['250 default', '10.0.3.4/16', 'fan-250          10.0.3.4/16          250.0.0.0/8'],
  ])('up %s, show, down', async (line, address, row) => {
    await liveAt(address)
    const before = await look()
    expect(await host.fanctl(['up', ...line.split(' '), ...more])).toMatchObject({ status: 0 })
    const [only] = await shown()
    expect(only).toBe(row)
    expect(await fanctl(`down ${line.replace(/ dhcp$| --bridge.*$/, '')}`)).toMatchObject({ status: 0 })
    expect(await shown()).toEqual([])
    expect(await look()).toEqual(before)
  })

  test('of nonsense widths is refused', async () => {
    await liveAt('192.168.1.151/8')
    for (const verb of ['up', 'down'])
      expect(await fanctl(`${verb} 10.254.0.0/16 192.168.1.151/8`)).toMatchObject({ status: 2 })
  })
})

describe('the fan file', () => {
  test("cloud-init's, and a bad line that does not stop others", async () => {
    await liveAt('172.16.3.4/16')
    write(
      '# fan configuration',
      `10.0.0.0/8 eth0/16 dhcp ${more.join(' ')}`,
      '10.0.0.0/8 eth1/16 dhcp off',
      '250.0.0.0/8 eth0/16 dhpc',
      `241.0.0.0/8 eth0/16 dhcp ${more.join(' ')}`,
      `172.16.0.0/16   253.0.0.0/8  --dhcp --enable ${optionsOfLine}`,
      `172.16.0.0/16   254.0.0.0/8  --dhcp ${optionsOfLine}`,
    )
    const { status, complaint } = await fanctl('up -a')
    expect(status).toBe(1)
    expect(complaint).toContain(`${host.folders.config}:4:21: unknown fan option "dhpc"`)
    expect((await shown()).map((row) => row.split(/ +/)[0]).sort()).toEqual(['fan-10', 'fan-241', 'fan-253'])
    expect(await fanctl('down -a')).toMatchObject({ status: 0 })
    expect(await shown()).toEqual([])
  })

  test('takes what is kept for its networks', async () => {
    write('10.0.0.0/16 250.0.0.0/8 --enable')
    expect(await host.fanctl(['config', 'set', '10.0.0.0/16', '250', 'host-reserve', '9', ...more])).toMatchObject({
      status: 0,
    })
    expect(await fanctl('up -a')).toMatchObject({ status: 0 })
    const { fans } = await host.fanctlJson<{ fans: { hostReserve: number }[] }>(['show'])
    expect(fans.map(({ hostReserve }) => hostReserve)).toEqual([9])
  })
})

describe('fanatic', () => {
  /** As on a host whose administrator has said so once. */
  const keep = () =>
    more.length > 0 ? host.fanctl(['config', 'set', '10.0.0.0/16', '250.0.0.0/8', ...more]) : undefined
  const line = '10.0.0.0/16 250.0.0.0/8 --dhcp --enable\n'

  test("Juju's sequence, in five seconds, and what scripts read of it", async () => {
    await keep()
    const started = Date.now()
    expect(await fanatic('enable-fan -u 10.0.0.0/16 -o 250.0.0.0/8')).toMatchObject({ status: 0, complaint: '' })
    expect(Date.now() - started).toBeLessThan(5_000 * (await slowness(host)))
    expect(await fanctl('up -a')).toMatchObject({ status: 0, output: expect.stringContaining('nothing was changed') })
    expect(readFileSync(host.folders.config, 'utf8')).toBe(line)
    expect((await shown())[0]).toMatch(/^fan-.*250\.0\.0\.0\/8.*enable/)
    // As Canonical's kernel tests read it: the first line is a heading, the rest five columns.
    const { output } = await fanatic('show')
    expect(
      output
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((row) => row.split(/\s+/)),
    ).toEqual([['10.0.0.0/16', '250.0.0.0/8', 'up', '-', '-']])
    expect(output.split('\n')[0]?.split(/\s+/)).toEqual(['Underlay', 'Overlay', 'Fan', 'Docker', 'LXD'])
    expect(await fanatic('enable-fan -u 10.0.0.0/16 -o 250.0.0.0/8')).toMatchObject({ status: 0 })
    expect(readFileSync(host.folders.config, 'utf8')).toBe(line)
    expect(await fanatic('disable-fan -u 10.0.0.0/16 -o 250.0.0.0/8')).toMatchObject({ status: 0 })
    expect(readFileSync(host.folders.config, 'utf8')).toBe('')
    expect(await shown()).toEqual([])
    expect(await fanatic('disable-fan -u 10.0.0.0/16 -o 250.0.0.0/8')).toMatchObject({
      status: 1,
      complaint: expect.stringContaining('FAN_NOT_FOUND'),
    })
  })

  test('leaves the file as it was where the fan cannot come up, and where it is in use', async () => {
    const failing = await fanatic('enable-fan -u eth9/16 -o 250.0.0.0/8')
    expect(failing).toMatchObject({ status: 1, complaint: expect.stringContaining('DEVICE_NOT_FOUND') })
    expect(existsSync(host.folders.config)).toBe(false)
    const text = '# mine\n  250.0.0.0/8 eth9/16 off  # spare\n'
    writeFileSync(host.folders.config, text)
    expect(await fanatic('enable-fan -u eth9/16 -o 250.0.0.0/8')).toMatchObject({ status: 1 })
    expect(readFileSync(host.folders.config, 'utf8')).toBe(text)
    await keep()
    await fanatic('enable-fan -u 10.0.0.0/16 -o 250.0.0.0/8')
    await host.must('ip link add used type veth peer name free'.split(' '))
    await host.must('ip link set used master fan-250'.split(' '))
    const used = await fanatic('disable-fan -u 10.0.0.0/16 -o 250.0.0.0/8')
    expect(used).toMatchObject({ status: 1, complaint: expect.stringContaining('used') })
    expect(readFileSync(host.folders.config, 'utf8')).toBe(text + line)
    await host.must('ip link del used'.split(' '))
  })

  test('asks on a terminal, proposes what the host has, and asks again after a mistake', async () => {
    await keep()
    const program = `${process.execPath} ${fanaticProgram}`
    const talk = await host.run(['script', '-qec', `${program} configure`, '/dev/null'], {
      input: '\n10.0.0.0/8\n10.0.0.0/16\n\n',
    })
    expect(talk.output).toContain(
      'Reconfigure fan underlay (hit return to accept, or specify alternative) [10.0.0.0/16]:',
    )
    expect(talk.output).toContain(
      'Reconfigure fan overlay (hit return to accept, or specify alternative) [250.0.0.0/8]:',
    )
    expect(talk.output).toContain('overlaps the underlay')
    expect(readFileSync(host.folders.config, 'utf8')).toBe(line)
    expect(await shown()).toHaveLength(1)
    const end = await host.run(['script', '-qec', `${program} deconfigure`, '/dev/null'], { input: 'y\n' })
    expect(end.output).toContain('fan-250 is down')
    expect(await shown()).toEqual([])
  })
})
