import { beforeAll, describe, expect, test } from 'vitest'
import { fanctl, fanctlMany, freshFolders, type Outcome } from './fanctl.js'

const commands = ['down', 'leases', 'map', 'monitor', 'plan', 'show', 'trace', 'up']
const configCommands = ['check', 'import', 'list', 'set', 'show', 'unset'].map((name) => `config ${name}`)

describe.concurrent('fanctl --help', () => {
  test.each([[['--help']], [[]]])('names every command when called with %j', async (words) => {
    const { status, stdout, stderr } = await fanctl(words)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command} +\\S`, 'm'))
  })

  test.each(['config', 'help config'])('names the commands of config: %s', async (words) => {
    const { status, stdout } = await fanctl(words.split(' '))
    expect(status).toBe(0)
    for (const command of configCommands) expect(stdout).toMatch(new RegExp(`^  ${command} +\\S`, 'm'))
  })

  test.each([...commands, ...configCommands])('explains %s', async (command) => {
    const { status, stdout, stderr } = await fanctl([...command.split(' '), '--help'])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain(`$ fanctl ${command} `)
    expect(stdout).toContain('EXAMPLES')
  })

  test('works for a user whom the system does not know', async () => {
    const outcome = await fanctl(['--version'], { env: { NO_PASSWD_ENTRY: '1' } })
    expect(outcome).toMatchObject({ status: 0, stderr: '' })
  })

  test('tells the version', async () => {
    expect(await fanctl(['--version'])).toMatchObject({ status: 0, stdout: expect.stringMatching(/^fanctl\/\d/) })
  })
})

const mistakes = [
  { mistake: 'an unknown flag', words: ['map', '--nonsense'], about: '--nonsense' },
  { mistake: 'an unknown short flag', words: ['show', '-z'], about: '-z' },
  { mistake: 'an unknown flag of up', words: ['up', '--overly', '250.0.0.0/8'], about: '--overly' },
  { mistake: 'a flag without its value', words: ['up', '-o'], about: '--overlay' },
  { mistake: 'a flag given twice', words: ['plan', '-o', '250.0.0.0/8', '-o', '251.0.0.0/8'], about: '--overlay' },
  { mistake: 'a value for a switch', words: ['up', '--dry-run=yes'], about: 'yes' },
  { mistake: 'no flags for up', words: ['up'], about: '--overlay' },
  { mistake: 'no flags for plan', words: ['plan'], about: '--overlay' },
  { mistake: 'no flags for down', words: ['down', '--force'], about: '--overlay' },
  { mistake: 'one network of two', words: ['up', '250.0.0.0/8'], about: '250.0.0.0/8' },
  { mistake: '-a and a fan', words: ['up', '-a', '-o', '250.0.0.0/8'], about: '--overlay' },
  { mistake: 'no underlay', words: ['up', '-o', '250.0.0.0/8'], about: '--underlay' },
  { mistake: 'a word too many for show', words: ['show', 'extra'], about: 'show extra' },
  { mistake: 'an unknown command of config', words: ['config', 'bogus'], about: 'config bogus' },
  { mistake: 'no option to set', words: ['config', 'set', '250', 'eth0'], about: 'option' },
  { mistake: 'an unknown option to set', words: ['config', 'set', '250', 'eth0', 'dhpc'], about: 'dhpc' },
  { mistake: 'an unknown option to forget', words: ['config', 'unset', '250', 'eth0', 'dhpc'], about: 'dhpc' },
  { mistake: 'an option to show', words: ['config', 'show', '250', 'eth0', 'dhcp'], about: 'dhcp' },
  { mistake: 'nothing to import', words: ['config', 'import'], about: 'file' },
  { mistake: 'a word too many', words: ['down', '-o', '250.0.0.0/8', '-u', 'eth0', 'extra'], about: 'extra' },
]

describe.concurrent('a mistake in the command line', () => {
  let outcomes: Outcome[] = []
  let inJson: Outcome[] = []

  beforeAll(async () => {
    const lines = mistakes.map(({ words }) => words)
    const all = await fanctlMany([...lines, ...lines.map((words) => [...words, '--json'])], freshFolders())
    outcomes = all.slice(0, lines.length)
    inJson = all.slice(lines.length)
  })

  test.each(mistakes.map((one, index) => ({ ...one, index })))(
    'ends with status 2 and one message: $mistake',
    ({ index, about }) => {
      const { status, stdout, stderr = '' } = outcomes[index] ?? {}
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
      expect(stderr).toMatch(
        /^fanctl: [^\n]+\n {2}[^\n]+\n {2}\((?:USAGE|OPTION_MISSING|OPTION_UNKNOWN|OPTIONS_EXCLUSIVE)\)\n$/,
      )
      expect(stderr.split('\n')[0]).toContain(about)
    },
  )

  test.each(mistakes.map((one, index) => ({ ...one, index })))(
    'is JSON on standard output with --json: $mistake',
    ({ index, about }) => {
      const { status, stdout, stderr } = inJson[index] ?? {}
      expect({ status, stderr }).toEqual({ status: 2, stderr: '' })
      expect(JSON.parse(stdout ?? '')).toEqual({
        error: {
          code: expect.stringMatching(/^(?:USAGE|OPTION_MISSING|OPTION_UNKNOWN|OPTIONS_EXCLUSIVE)$/),
          message: expect.stringContaining(about),
          hint: expect.any(String),
          exitCode: 2,
        },
      })
    },
  )

  test.each(['bogus', 'UP'])('ends with status 2: the unknown command %s', async (word) => {
    const { status, stdout, stderr } = await fanctl([word])
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(new RegExp(`^fanctl: .*\\b${word}\\b`))
    expect(stderr).toContain('fanctl --help')
  })

  test('is JSON on standard output with --json: an unknown command', async () => {
    const { status, stdout } = await fanctl(['bogus', '--json'])
    expect(status).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'USAGE', exitCode: 2 } })
  })
})

describe.concurrent('starting fanctl', () => {
  const map = ['map', '250.0.0.0/8', '10.0.3.4/16']
  const env = { TELL_ZOD: '1' }

  test.each([map, [...map, '--json'], ['up', '--help']])(
    'loads no native module and not zod for %s',
    async (...words) => {
      expect(await fanctl(words, { env })).toMatchObject({ status: 0, stderr: '' })
    },
  )

  test('would be noticed loading them, as show does', async () => {
    const { status, stderr } = await fanctl(['show'], { env })
    expect(status).toBe(1)
    expect(stderr).toMatch(/a test does not allow loading (?:netlink|koffi)/)
    expect(stderr).toContain('zod was loaded')
  })
})
