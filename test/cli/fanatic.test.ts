import { describe, expect, test } from 'vitest'
import { fanatic, freshFolders } from './fanctl.js'

describe.concurrent('fanatic', () => {
  test.each([[[]], [['help']], [['--help']], [['enable-fan', '--help']]])('explains itself: %j', async (words) => {
    const { status, stdout, stderr } = await fanatic(words)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    for (const verb of ['configure', 'deconfigure', 'enable-fan', 'disable-fan', 'show'])
      expect(stdout).toContain(`fanatic ${verb}`)
  })

  test.each([
    [['configure'], 2, 'TERMINAL_MISSING', 'fanatic configure -u 10.0.0.0/16 -o 250.0.0.0/8'],
    [['deconfigure'], 2, 'TERMINAL_MISSING', 'fanatic deconfigure -u'],
    [['enable-fan'], 2, 'OPTION_MISSING', 'enable-fan -u'],
    [['enable-fan', '-u', '10.0.0.0/16'], 2, 'OPTION_MISSING', '-o 250.0.0.0/8'],
    [['enable-fan', '10.254.0.0/16', '192.168.1.151/8'], 2, 'FAN_UNCLEAR', 'overlay'],
    [['enable-fan', '-u', 'eth0', '-o', '250', 'dhpc'], 2, 'OPTION_UNKNOWN', '"dhpc"'],
    [['enable-fan', '-u', 'eth0', '-o', '250', '--bridge=$(x)'], 2, 'BRIDGE_NAME_INVALID', 'letters'],
    [['bogus'], 2, 'USAGE', '"bogus"'],
    [['enable-docker', '-u', '10.0.0.0/16', '-o', '251'], 1, 'NOT_YET', 'bridge.name=fan-251'],
    [['enable-lxd', '-u', '10.0.0.0/16', '-o', '251'], 1, 'NOT_YET', 'parent=fan-251'],
    [['test', 'local-docker'], 1, 'NOT_YET', 'ping'],
  ])('refuses %j', async (words, status, code, about) => {
    const outcome = await fanatic(words)
    expect(outcome).toMatchObject({ status, stdout: '' })
    expect(outcome.stderr).toMatch(new RegExp(`^fanatic: [^\\n]+\\n(?:  [^\\n]+\\n)?  \\(${code}\\)\\n$`))
    expect(outcome.stderr).toContain(about)
  })

  test('shows its columns where there is nothing', async () => {
    expect(await fanatic(['show'], { mayReadHost: true, folders: freshFolders() })).toEqual({
      status: 0,
      stdout: 'Underlay  Overlay  Fan  Docker  LXD\n',
      stderr: '',
    })
  })

  test.each([['enable-fan'], ['disable-fan'], ['configure']])('%s needs root', async (verb) => {
    const { status, stderr } = await fanatic([verb, '-u', '10.0.0.0/16', '-o', '250'], { mayReadHost: true })
    expect({ status, code: stderr.match(/\((\w+)\)\n$/)?.[1] }).toEqual({ status: 1, code: 'NOT_ROOT' })
  })
})
