import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { resultSchemas } from '../../src/results/schemas.js'
import { fanctl, fanctlMany, freshFolders } from './fanctl.js'

const bad: [words: string[], code: string, about: string][] = [
  [[], 'OPTION_MISSING', 'the address'],
  [[''], 'VALUE_EMPTY', 'the address'],
  [['nonsense'], 'ADDRESS_MALFORMED', 'nonsense'],
  [['250.7.8'], 'ADDRESS_MALFORMED', '250.7.8'],
  [['250.7.8.9/24'], 'ADDRESS_MALFORMED', '250.7.8.9/24'],
  [['250.7.8.9:80'], 'ADDRESS_MALFORMED', '250.7.8.9:80'],
  [['250.7.8.256'], 'OCTET_OUT_OF_RANGE', '250.7.8.256'],
  [['250.7.8.09'], 'LEADING_ZERO', '250.7.8.9'],
  [['fd00::1'], 'IPV6_UNSUPPORTED', 'fd00::1'],
  [['::ffff:250.7.8.9'], 'IPV6_UNSUPPORTED', '::ffff'],
  [['-c1 250.7.8.9'], 'USAGE', '-c'],
  [['$(reboot)'], 'ADDRESS_MALFORMED', '$(reboot)'],
  [['250.7.8.9\n250.7.8.10'], 'ADDRESS_MALFORMED', '\\n'],
  [['x'.repeat(4096)], 'ADDRESS_MALFORMED', 'xxx'],
  [['250.7.8.9', '250.7.8.10'], 'USAGE', '250.7.8.10'],
  [['250.7.8.9', '--count', '0'], 'NUMBER_INVALID', '--count'],
  [['250.7.8.9', '--count', '1000000'], 'NUMBER_INVALID', '--count'],
  [['250.7.8.9', '--timeout', '0.5'], 'NUMBER_INVALID', '--timeout'],
  [['250.7.8.9', '--timeout', '-1'], 'NUMBER_INVALID', '--timeout'],
]

describe.concurrent('fanctl trace', () => {
  test('refuses bad input with status 2 and one message, before anything is looked at', async () => {
    const folders = freshFolders()
    const outcomes = await fanctlMany(
      bad.map(([words]) => ['trace', ...words]),
      folders,
    )
    for (const [index, [, code, about]] of bad.entries()) {
      const { status, stdout, stderr = '' } = outcomes[index] ?? {}
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
      expect(stderr).toMatch(/^fanctl: [^\n]+\n(?: {2}[^\n]+\n)? {2}\([A-Z0-9_]+\)\n$/)
      expect(stderr).toContain(`(${code})`)
      expect(stderr).toContain(about)
    }
    expect([existsSync(folders.runtime), existsSync(folders.state)]).toEqual([false, false])
  })

  test('says on a host without a fan that there is none, as text and as JSON', async () => {
    const text = await fanctl(['trace', '250.7.8.9'], { mayReadHost: true })
    expect(text.status).toBe(1)
    expect(text.stdout).toMatch(/^failed {3}address {4}250\.7\.8\.9 is not in a fan: this host has none\n/)
    expect(text.stdout).toMatch(/\n\nthe path ends at "address"\n$/)
    const json = await fanctl(['trace', '250.7.8.9', '--json'], { mayReadHost: true })
    expect(json.status).toBe(1)
    const value: unknown = JSON.parse(json.stdout)
    expect(resultSchemas.trace.parse(value)).toEqual(value)
    expect(value).toMatchObject({ side: 'outside', owner: null, stopsAt: 'address', probes: [], fans: [] })
  })
})
