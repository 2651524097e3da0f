/** Wears a host out: many kills, many signals, or many cycles, and then a look at what is left. Run by bin/soak, as root. */
import { parseArgs } from 'node:util'
import type { TypeName } from '../../src/core/types/types.js'
import { Lab } from '../lab/lab.js'
import { canMake } from '../lab/types.js'
import { cycles } from './cycles.js'
import { events } from './events.js'
import { kills } from './kills.js'
import { signals } from './signals.js'
import type { Wear } from './wear.js'

const usage = `usage: bin/soak kills [options]    kill up at random moments; the next up or down must repair the host
       bin/soak signals [options]  stop up at random moments; it must be done, or the host as before
       bin/soak cycles [options]   run up and down again and again, then check for leaks
       bin/soak events [options]   send a monitor thousands of events, then check its memory

  --runs N       default: 200 kills, 300 signals, 1000 cycles, 10000 events
  --type TYPE    ipip or vxlan; default: vxlan
  --command C    kills and signals: the command to hit, up or down; default: up
  --seed N       kills and signals: repeat the same moments; printed at the start
`

/** What nobody else on the machine uses, so that its programs can be told from theirs. */
const overlay = '247.0.0.0/8'

/** The ways, and how often each is gone without --runs. */
const subjects = { kills: 200, signals: 300, cycles: 1000, events: 10_000 } as const

interface Options extends Pick<Wear, 'runs' | 'seed' | 'command'> {
  readonly subject: keyof typeof subjects
  readonly type: TypeName
}

const say = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

/** Throws an Error whose message is for the person at the keyboard. */
function readOptions(words: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      runs: { type: 'string' },
      type: { type: 'string', default: 'vxlan' },
      command: { type: 'string', default: 'up' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    },
  })
  const subject = choice('the subject', positionals[0] ?? '', ['kills', 'signals', 'cycles', 'events'])
  if (positionals.length > 1) throw new Error(`unexpected argument: "${positionals[1]}"`)
  const type = choice('--type', values.type, ['ipip', 'vxlan'])
  if (!canMake(type)) throw new Error(`this kernel cannot create ${type} links`)
  return {
    subject,
    type,
    runs: number('--runs', values.runs ?? String(subjects[subject]), 1, 1_000_000),
    seed: number('--seed', values.seed, 0, 2 ** 32 - 1),
    command: choice('--command', values.command, ['up', 'down']),
  }
}

function choice<Choice extends string>(option: string, text: string, choices: readonly Choice[]): Choice {
  const found = choices.find((one) => one === text)
  if (!found) throw new Error(`${option} must be one of ${choices.join(', ')}, not "${text}"`)
  return found
}

function number(option: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most)
    throw new Error(`${option} must be a whole number from ${least} to ${most}, not "${text}"`)
  return value
}

async function main(words: readonly string[]): Promise<void> {
  if (words.some((word) => word === '--help' || word === '-h')) return say(usage.trimEnd())
  const { subject, type, ...options } = readOptions(words)
  const lab = await Lab.build({ hosts: 1, name: 'soak' })
  const [host] = lab.hosts
  if (!host) throw new Error('no host')
  try {
    const fan = ['-o', overlay, '-u', 'eth0/16', '--type', type, '--dhcp']
    const { good, leaks } = await { kills, signals, cycles, events }[subject]({ ...options, host, fan, overlay, say })
    for (const leak of leaks) say(leak)
    say(`${good} of ${options.runs}${leaks.length > 0 ? ', but something leaks' : ''}`)
    process.exitCode = good === options.runs && leaks.length === 0 ? 0 : 1
  } finally {
    lab.close()
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`bin/soak: ${error instanceof Error ? error.message : error}\n\n${usage}`)
  process.exitCode = 2
})
