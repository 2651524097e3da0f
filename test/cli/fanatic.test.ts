import { beforeAll, describe, expect, test } from 'vitest'
import { fanatic, fanctlMany, freshFolders, type Outcome } from './fanctl.js'

const refusals = [
  {
    words: ['configure'],
    status: 2,
    code: 'TERMINAL_MISSING',
    about: 'fanatic configure -u 10.0.0.0/16 -o 250.0.0.0/8',
  },
  { words: ['deconfigure'], status: 2, code: 'TERMINAL_MISSING', about: 'fanatic deconfigure -u' },
  { words: ['enable-fan'], status: 2, code: 'OPTION_MISSING', about: 'enable-fan -u' },
  { words: ['enable-fan', '-u', '10.0.0.0/16'], status: 2, code: 'OPTION_MISSING', about: '-o 250.0.0.0/8' },
  { words: ['enable-fan', '10.254.0.0/16', '192.168.1.151/8'], status: 2, code: 'FAN_UNCLEAR', about: 'overlay' },
  { words: ['enable-fan', '-u', 'eth0', '-o', '250', 'dhpc'], status: 2, code: 'OPTION_UNKNOWN', about: '"dhpc"' },
  {
    words: ['enable-fan', '-u', 'eth0', '-o', '250', '--bridge=$(x)'],
    status: 2,
    code: 'BRIDGE_NAME_INVALID',
    about: 'letters',
  },
  { words: ['bogus'], status: 2, code: 'USAGE', about: '"bogus"' },
  {
    words: ['enable-docker', '-u', '10.0.0.0/16', '-o', '251'],
    status: 1,
    code: 'NOT_YET',
    about: 'bridge.name=fan-251',
  },
  { words: ['enable-lxd', '-u', '10.0.0.0/16', '-o', '251'], status: 1, code: 'NOT_YET', about: 'parent=fan-251' },
  { words: ['test', 'local-docker'], status: 1, code: 'NOT_YET', about: 'ping' },
]

describe.concurrent('fanatic', () => {
  let outcomes: Outcome[] = []

  beforeAll(async () => {
    outcomes = await fanctlMany(
      refusals.map(({ words }) => ['fanatic', ...words]),
      freshFolders(),
    )
  })

  test.each([[[]], [['help']], [['--help']], [['enable-fan', '--help']]])('explains itself: %j', async (words) => {
    const { status, stdout, stderr } = await fanatic(words)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    for (const verb of ['configure', 'deconfigure', 'enable-fan', 'disable-fan', 'show'])
      expect(stdout).toContain(`fanatic ${verb}`)
  })

  test.each(refusals.map((one, index) => ({ ...one, index })))('refuses $words', ({ index, status, code, about }) => {
    const { stderr = '', ...rest } = outcomes[index] ?? {}
    expect(rest).toEqual({ status, stdout: '' })
    expect(stderr).toMatch(new RegExp(`^fanatic: [^\\n]+\\n(?:  [^\\n]+\\n)?  \\(${code}\\)\\n$`))
    expect(stderr).toContain(about)
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
