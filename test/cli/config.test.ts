import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { resultSchemas } from '../../src/results/schemas.js'
import { type Folders, fanctl, freshFolders } from './fanctl.js'

const fanFile = `# Underlay Overlay
10.0.0.0/16 250.0.0.0/8 --dhcp --enable
eth0/16 251.0.0.0/8 --mtu 1400
252.0.0.0/8 eth1/16 dhcp off
`

function withFile(text = fanFile): Folders & { readonly file: string } {
  const folders = freshFolders()
  mkdirSync(folders.state)
  const file = join(folders.state, 'fan')
  writeFileSync(file, text)
  return { ...folders, file }
}

/** The result of a command that has to succeed, checked against its schema. */
async function config(name: keyof typeof resultSchemas, words: readonly string[], folders: Folders, input = '') {
  const { status, stdout, stderr } = await fanctl([...words, '--json'], { folders, input, mayReadHost: true })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  const value: unknown = JSON.parse(stdout)
  expect(resultSchemas[name].parse(value)).toEqual(value)
  return value
}

const settingsOf = (folders: Folders) => join(folders.state, 'config', '10.0.0.0-16--250.0.0.0-8.conf')

describe.concurrent('config', () => {
  test('set keeps, show tells, list lists, unset forgets', async () => {
    const folders = withFile()
    const fan = ['10.0.3.4/16', '250']
    const set = await config('config-set', ['config', 'set', ...fan, 'type', 'vxlan', '--vni', '7'], folders)
    expect(set).toMatchObject({ changed: true, options: ['type vxlan', 'vni 7'], path: settingsOf(folders) })
    expect(readFileSync(settingsOf(folders), 'utf8')).toBe('type vxlan\nvni 7\n')
    const shown = await config('config-show-networks', ['config', 'show', ...fan], folders)
    expect(shown).toMatchObject({ underlay: '10.0.0.0/16', line: 2, state: 'enabled' })
    expect(shown).toMatchObject({
      options: expect.arrayContaining([
        { option: 'dhcp', value: true, from: 'file', source: `${folders.file}:2` },
        { option: 'vni', value: 7, from: 'settings', source: settingsOf(folders) },
        { option: 'port', value: 8472, from: 'default', source: null },
        { option: 'bridge', value: 'fan-250', from: 'default', source: null },
      ]),
    })
    expect(await config('config-list', ['config', 'list'], folders)).toMatchObject({
      networks: [
        { line: 2, state: 'enabled', settings: settingsOf(folders) },
        { line: 3, state: 'not enabled', settings: null },
        { line: 4, state: 'off', settings: null },
      ],
    })
    expect(await config('config-show', ['config', 'show'], folders)).toMatchObject({
      file: { text: fanFile },
      settings: [{ text: 'type vxlan\nvni 7\n' }],
    })
    await config('config-unset', ['config', 'unset', ...fan], folders)
    expect(readdirSync(join(folders.state, 'config'))).toEqual([])
  })

  test.each([
    [['vni', '7'], 'OPTION_NEEDS_VXLAN'],
    [['host-reserve', '254'], 'HOST_RESERVE_INVALID'],
    [['bridge', '$(reboot)'], 'BRIDGE_NAME_INVALID'],
    [['dhcp', 'no-dhcp'], 'OPTION_CONTRADICTED'],
  ])('set writes nothing that cannot be: %j', async (words, code) => {
    const folders = withFile()
    const line = ['config', 'set', '10.0.0.0/16', '250.0.0.0/8', ...words, '--json']
    const { status, stdout } = await fanctl(line, { folders, mayReadHost: true })
    expect([status, JSON.parse(stdout).error.code]).toEqual([2, code])
    expect(readdirSync(folders.state)).toEqual(['fan'])
  })

  test('set looks at the lines of the fan file, too', async () => {
    const folders = withFile('10.0.0.0/16 250.0.0.0/8 --type vxlan --vni 7 --enable\n')
    const { status, stderr } = await fanctl(['config', 'set', '10.0.0.0/16', '250', 'type', 'ipip', 'mtu', '1400'], {
      folders,
      mayReadHost: true,
    })
    expect(status).toBe(0)
    expect(stderr).toContain('line 1 of')
    expect(stderr).toContain('sets type differently and takes precedence')
  })

  test('up and up -a read what is kept; what is said comes first', async () => {
    const folders = withFile('10.0.0.0/16 250.0.0.0/8 --dhcp --enable --nonsense\n')
    mkdirSync(join(folders.state, 'config'))
    writeFileSync(settingsOf(folders), '# why\ntype vxlan\nmtu 9\n')
    const { status, stderr } = await fanctl(['up', '-u', '10.0.3.4/16', '-o', '250.0.0.0/8'], { folders })
    expect(status).toBe(2)
    expect(stderr).toContain(`${settingsOf(folders)}:3:1: mtu must be a whole number`)
    writeFileSync(settingsOf(folders), 'host-reserve 254\n')
    const other = await fanctl(['plan', '10.0.3.4/16', '250.0.0.0/8'], { folders })
    expect(other.stderr).toContain('HOST_RESERVE_INVALID')
    const off = await fanctl(['up', '10.0.3.4/16', '250.0.0.0/8', 'off'], { folders })
    expect(off).toEqual({ status: 0, stdout: '', stderr: '' })
  })

  test('check finds what is wrong in and between lines', async () => {
    const folders = withFile(`10.0.0.0/16 250.0.0.0/8 --dhcp --enable
250.0.0.0/8 eth0/16 dhcp
250.1.0.0/16 eth0/20
172.16.0.0/16 251.0.0.0/8 --bridge fan-250 --enable
252.0.0.0/8 eth0/16 dhpc
10.0.0.0/16 253.0.0.0/8 --type vxlan --vni 5 --enable
10.0.0.0/16 254.0.0.0/8 --type vxlan --vni 5
10.0.0.0/16 250.0.0.0/8 off
`)
    mkdirSync(join(folders.state, 'config'))
    writeFileSync(join(folders.state, 'config', 'mine.conf'), '')
    writeFileSync(settingsOf(folders), '\n mtu x\n')
    const { status, stdout } = await fanctl(['config', 'check', '--json'], { folders })
    expect(status).toBe(1)
    const view = resultSchemas['config-check'].parse(JSON.parse(stdout))
    expect(view.findings.map(({ level, line, column, code }) => [level, line, column, code])).toEqual([
      ['error', 3, 1, 'LINES_CLASH'],
      ['error', 4, 1, 'LINES_CLASH'],
      ['error', 5, 21, 'OPTION_UNKNOWN'],
      ['warning', 7, 1, 'LINES_CLASH'],
      ['error', 2, 2, 'NUMBER_INVALID'],
      ['warning', null, null, 'SETTINGS_STRANGE'],
    ])
  })

  test('settings that cannot be read are wrong, and no end of the list', async () => {
    const folders = withFile('251.0.0.0/8 10.0.3.4/16 dhcp\n')
    mkdirSync(settingsOf(folders), { recursive: true })
    const list = await config('config-list', ['config', 'list'], folders)
    expect(list).toMatchObject({ networks: [{ line: 1, state: 'enabled' }, { settings: settingsOf(folders) }] })
    const { status, stdout } = await fanctl(['config', 'check'], { folders })
    expect(status).toBe(1)
    expect(stdout).toContain(`${settingsOf(folders)}:1:1: error: `)
  })

  test('check of a file that is in order, of warnings only, and of none', async () => {
    const folders = withFile()
    expect(await fanctl(['config', 'check'], { folders })).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('no problems found'),
    })
    const twice = '10.0.0.0/16 250.0.0.0/8 --enable\n10.0.0.0/16 250.0.0.0/8 --enable\n'
    expect(await fanctl(['config', 'check', '-'], { folders, input: twice })).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^-:2:1: warning: line 1 already uses .* \(LINES_CLASH\)$/m),
    })
    expect(await fanctl(['config', 'check', '-', '--strict'], { folders, input: twice })).toMatchObject({ status: 1 })
    expect(await fanctl(['config', 'check', '/nonexistent'], { folders })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no such file'),
    })
  })

  test('check has colour where it is forced, and never in pipes, for NO_COLOR or in JSON', async () => {
    const folders = withFile('nonsense\n')
    const options = (env: Record<string, string>) => ({ folders, env: { TERM: 'xterm', ...env } })
    const forced = await fanctl(['config', 'check'], options({ FORCE_COLOR: '1' }))
    expect(forced.stdout).toContain(':1:1: \u001b[31merror:\u001b[39m ')
    const missing = await fanctl(['config', 'check', '/nonexistent'], options({ FORCE_COLOR: '1' }))
    expect(missing.stderr).toContain('\u001b[31mfanctl:\u001b[39m ')
    for (const env of [{}, { FORCE_COLOR: '1', NO_COLOR: '1' }])
      expect((await fanctl(['config', 'check'], options(env))).stdout).not.toContain('\u001b')
    expect((await fanctl(['config', 'check', '--json'], options({ FORCE_COLOR: '1' }))).stdout).not.toContain('\u001b')
  })

  test('import prints, writes once, and keeps the file as it is otherwise', async () => {
    const folders = withFile()
    const real = join(folders.state, 'real')
    writeFileSync(real, fanFile)
    chmodSync(real, 0o640)
    const linked = { ...folders, state: join(folders.state, 'state') }
    mkdirSync(linked.state)
    symlinkSync(real, join(linked.state, 'fan'))
    const input = '10.0.0.0/16=250.0.0.0/8 172.16.0.0/16=253.0.0.0/8'
    const { stdout } = await fanctl(['config', 'import', '-'], { folders: linked, input })
    expect(stdout).toMatch(/^# Juju .*\n10.0.0.0\/16 250.0.0.0\/8 --dhcp --enable\n172.16/)
    for (const added of [['172.16.0.0/16 253.0.0.0/8 --dhcp --enable'], []])
      expect(await config('config-import', ['config', 'import', '-', '--write'], linked, input)).toMatchObject({
        added,
      })
    expect(readFileSync(real, 'utf8')).toBe(`${fanFile}172.16.0.0/16 253.0.0.0/8 --dhcp --enable\n`)
    expect(statSync(real).mode & 0o777).toBe(0o640)
    expect(lstatSync(join(linked.state, 'fan')).isSymbolicLink()).toBe(true)
  })

  test('import does not touch a file that it cannot read to the last byte', async () => {
    const folders = withFile()
    const bytes = Buffer.from([0x23, 0x20, 0xe4, 0x0a])
    writeFileSync(folders.file, bytes)
    const { status, stderr } = await fanctl(['config', 'import', '-', '--write'], {
      folders,
      input: '10.0.0.0/16=250.0.0.0/8',
      mayReadHost: true,
    })
    expect(status).toBe(1)
    expect(stderr).toContain('it is not UTF-8 text')
    expect(readFileSync(folders.file)).toEqual(bytes)
  })

  test('nothing that is imported gets onto a line of its own', async () => {
    const folders = withFile()
    const input = JSON.stringify({
      Network: '10.5.0.0/16',
      'x\n6.0.0.0/8 eth0 dhcp': 1,
      Backend: { Type: 'ipip\n7.0.0.0/8 eth0' },
    })
    const { stdout } = await fanctl(['config', 'import', '-'], { folders, input })
    expect(stdout.split('\n').filter((line) => !line.startsWith('#'))).toEqual([
      'default/24 10.5.0.0/16 --type ipip --enable',
      '',
    ])
  })
})
