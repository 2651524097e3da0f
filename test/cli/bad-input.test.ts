import { existsSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { fanctl, fanctlMany, freshFolders, type Outcome } from './fanctl.js'

/** No line here is a valid one, and no-kernel.cjs stops those that get further than they should. */
const valid: Readonly<Record<string, string>> = { '--overlay': '250.0.0.0/8', '--underlay': '10.0.3.4/16' }

const always = [
  { form: 'nothing', value: '' },
  { form: 'a path', value: '../../etc/passwd' },
  { form: 'a text that is too long', value: 'x'.repeat(4096) },
  { form: 'two lines', value: '10.0.3.4/16\nroot' },
  { form: 'a control character', value: '\u001b[31m/16x' },
]
/** What a device may be called, by the kernel's rules, and nothing else may. */
const names = [
  { form: 'nonsense', value: 'nonsense' },
  { form: 'a negative number', value: '-1' },
  { form: 'a semicolon', value: ';reboot' },
  { form: 'a substitution', value: '$(reboot)' },
  { form: 'backquotes', value: '`reboot`' },
  { form: 'letters of other scripts', value: 'ünïcødé' },
  { form: 'digits of other scripts', value: '١٢٣٤' },
]
const networks = [
  { form: 'an IPv6 network', value: 'fd00::/8' },
  { form: 'no length', value: '10.0.0.0' },
  { form: 'a length of 33', value: '10.0.0.0/33' },
  { form: 'a negative length', value: '10.0.0.0/-1' },
  { form: 'an octet of 256', value: '10.0.0.256/16' },
  { form: 'a leading zero', value: '10.0.0.01/16' },
  { form: 'three octets', value: '10.0.0/16' },
  { form: 'a slash only', value: '/' },
]
const deviceReferences = [
  { form: 'a device with a length of 33', value: 'eth0/33' },
  { form: 'a device with an empty length', value: 'eth0/' },
]
const numbers = [
  { form: 'zero', value: '0' },
  { form: 'a fraction', value: '600.5' },
  { form: 'an exponent', value: '1e3' },
  { form: 'hexadecimal digits', value: '0x400' },
  { form: 'a sign', value: '+600' },
  { form: 'a space before it', value: ' 600' },
  { form: 'too many digits', value: '9'.repeat(40) },
]
const bridges = [
  { form: 'a dot', value: '.' },
  { form: 'two dots', value: '..' },
  { form: 'sixteen bytes', value: 'fan-250-abcdefgh' },
  { form: 'a name of the kernel', value: 'all' },
  { form: 'a space', value: 'fan 250' },
  { form: 'a slash', value: 'fan/250' },
]
const choices = [
  ...always,
  ...names,
  { form: 'other case', value: 'VXLAN' },
  { form: 'two words', value: 'ipip,vxlan' },
]

const settings = {
  '--type': choices,
  '--steering': choices,
  '--host-reserve': [...always, ...names, ...numbers],
  '--mtu': [...always, ...names, ...numbers, { form: 'less than any link has', value: '575' }],
  '--vni': [...always, ...names, ...numbers, { form: '25 bits', value: '16777216' }],
  '--port': [...always, ...names, ...numbers, { form: '17 bits', value: '65536' }],
}
const naming = {
  '--overlay': [...always, ...names, ...networks],
  '--underlay': [...always, ...networks.filter(({ form }) => form !== 'no length'), ...deviceReferences],
  '--bridge': [...always, ...names.filter(({ form }) => form !== 'nonsense'), ...bridges],
}
const flagsOf = { up: { ...naming, ...settings }, plan: { ...naming, ...settings }, down: naming }

const cases = Object.entries(flagsOf).flatMap(([command, flags]) =>
  Object.entries(flags).map(([flag, values]) => ({ command, flag, values })),
)
const lineOf = (command: string, flag: string, value: string) => [
  command,
  ...Object.entries({ ...valid, [flag]: value }).map(([name, text]) => `${name}=${text}`),
]
/** One sentence with what the flag is, perhaps a hint, and the code: no stack, no control character. */
const oneMessage = /^fanctl: [^\n]+\n(?: {2}[^\n]+\n)?(?: {2}\([A-Z0-9_]+\)\n)$/

describe.concurrent('bad input', () => {
  const folders = freshFolders()
  const lines = cases.flatMap(({ command, flag, values }) => values.map(({ value }) => lineOf(command, flag, value)))
  const outcomes = new Map<string, Outcome>()

  beforeAll(async () => {
    for (const [index, outcome] of (await fanctlMany(lines, folders)).entries())
      outcomes.set(JSON.stringify(lines[index]), outcome)
  })

  test.each(cases)('of fanctl $command $flag ends with status 2 and one message', ({ command, flag, values }) => {
    const wrong = values.filter(({ value }) => {
      const outcome = outcomes.get(JSON.stringify(lineOf(command, flag, value)))
      const clear =
        oneMessage.test(outcome?.stderr ?? '') && !/\p{Cc}/u.test(outcome?.stderr.replaceAll('\n', '') ?? '')
      const names = outcome?.stderr.includes(flag === '--bridge' ? 'bridge' : flag)
      return !(outcome?.status === 2 && outcome.stdout === '' && clear && names && outcome.stderr.length < 400)
    })
    expect(wrong).toEqual([])
  })

  test('makes no folder', () => {
    expect(outcomes.size).toBe(lines.length)
    expect([existsSync(folders.runtime), existsSync(folders.state)]).toEqual([false, false])
  })

  /** One value of every flag, another one each. */
  const samples = cases
    .filter(({ command }) => command !== 'plan')
    .map(({ command, flag, values }, index) => ({ command, flag, ...values[index % values.length] }))

  test.each(samples)(
    'of fanctl $command $flag is the same in a process of its own: $form',
    async ({ command, flag, value = '' }) => {
      const words = lineOf(command, flag, value)
      expect(await fanctl(words)).toEqual(outcomes.get(JSON.stringify(words)))
    },
  )
})
