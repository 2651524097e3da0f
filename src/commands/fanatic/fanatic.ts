/** `fanatic VERB [-u UNDERLAY -o OVERLAY]`: the verbs of ubuntu-fan's wizard, over the use cases of fanctl. */
import { createInterface } from 'node:readline'
import type { Files } from '../../app/ports/files.js'
import type { FanOptions } from '../../config/options/rows.js'
import { FanError } from '../../core/errors.js'
import { defaultBridge, formatReference } from '../../core/fan.js'
import { formatPrefix } from '../../core/ipv4.js'
import type { FanNetworks } from '../../core/networks.js'
import { oneLined } from '../../core/printable.js'
import type { LinuxMachine } from '../../linux/machine.js'
import { untilSignal } from '../../linux/signals.js'
import { viewUp } from '../../results/up.js'
import { openFiles, openMachine, writeWarning } from '../base.js'
import { printTable, printUp } from '../output.js'
import { fanFrom } from '../request.js'
import { askNetworks, askWhich, type Terminal } from './dialogue.js'
import { help, refuseLater } from './help.js'

/** Throws USAGE for an unknown verb, and whatever the verb throws. */
export async function fanatic(words: readonly string[]): Promise<void> {
  const isTerminal = process.stdin.isTTY === true
  const [verb = isTerminal ? 'configure' : 'help', ...rest] = words
  if (verb === 'help' || rest.includes('--help') || /^-(?:h|-help)$/.test(verb)) return say(help.trimEnd())
  refuseLater(verb, () => (rest.length > 0 ? defaultBridge(fanFrom(rest).networks.overlay) : 'fan-250'))
  const given = rest.length > 0 ? fanFrom(rest) : undefined
  switch (verb) {
    case 'show':
      return await show()
    case 'configure':
      if (given) return await enable(given.networks, given.options)
      return await configure(needTerminal(verb, isTerminal))
    case 'deconfigure':
      if (given) return await disable(given.networks)
      return await deconfigure(needTerminal(verb, isTerminal))
    case 'enable-fan':
      return given ? await enable(given.networks, given.options) : refuseBare(verb)
    case 'disable-fan':
      return given ? await disable(given.networks) : refuseBare(verb)
    default:
      throw new FanError('USAGE', { message: `unknown verb "${verb}"`, command: 'fanatic' })
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

function refuseBare(verb: string): never {
  throw new FanError('OPTION_MISSING', {
    option: 'the pair of networks',
    example: `fanatic ${verb} -u 10.0.0.0/16 -o 250.0.0.0/8`,
  })
}

/** Throws TERMINAL_MISSING. */
function needTerminal(verb: string, isTerminal: boolean): Terminal & { close(): void } {
  if (!isTerminal) throw new FanError('TERMINAL_MISSING', { command: `fanatic ${verb}` })
  const reader = createInterface({ input: process.stdin })
  const lines = reader[Symbol.asyncIterator]()
  return {
    ask: async (question) => {
      process.stdout.write(question)
      const { value, done } = await lines.next()
      return done ? undefined : value
    },
    say,
    close: () => reader.close(),
  }
}

async function withFans<Result>(
  use: (machine: LinuxMachine, files: Files, fans: typeof import('../../app/fanatic/fanatic.js')) => Promise<Result>,
): Promise<Result> {
  const fans = await import('../../app/fanatic/fanatic.js')
  const files = await openFiles()
  return await openMachine((machine) => use(machine, files, fans))
}

async function enable(networks: FanNetworks, options: FanOptions): Promise<void> {
  const result = await withFans((machine, files, { enableFan }) =>
    untilSignal((signal) => enableFan(machine, files, networks, options, signal)),
  )
  const view = viewUp(result)
  for (const warning of view.warnings) writeWarning(warning, 'fanatic')
  say(printUp(oneLined(view.fan), view.changed))
}

async function disable(networks: FanNetworks): Promise<void> {
  const { bridge, warnings } = await withFans((machine, files, { disableFan }) =>
    untilSignal((signal) => disableFan(machine, files, networks, signal)),
  )
  for (const warning of warnings) writeWarning(warning, 'fanatic')
  say(bridge === undefined ? 'the fan was not up; its line is now off or removed' : `${bridge} is down`)
}

/** Programs read these columns by their order; Docker and LXD come with the containers. */
async function show(): Promise<void> {
  const rows = await withFans((machine, files, { listFans }) => listFans(machine, files))
  say(
    printTable([
      ['Underlay', 'Overlay', 'Fan', 'Docker', 'LXD'],
      ...rows.map(({ networks, isUp }) => [
        formatReference(networks.underlay),
        formatPrefix(networks.overlay),
        isUp ? 'up' : '-',
        '-',
        '-',
      ]),
    ]),
  )
}

async function configure(terminal: ReturnType<typeof needTerminal>): Promise<void> {
  try {
    const { checkPrivileged } = await import('../../app/fan/perform.js')
    const { suggest } = await import('../../app/fan/suggest.js')
    const suggestion = await withFans(async (machine, files) => {
      checkPrivileged(machine, 'bring a fan up')
      return suggest(await machine.observe(), files)
    })
    const networks = await askNetworks(terminal, suggestion)
    if (networks) await enable(networks, {})
    else say('\nnothing was changed')
  } finally {
    terminal.close()
  }
}

async function deconfigure(terminal: ReturnType<typeof needTerminal>): Promise<void> {
  try {
    const { checkPrivileged } = await import('../../app/fan/perform.js')
    const rows = await withFans(async (machine, files, { listFans }) => {
      checkPrivileged(machine, 'take a fan down')
      return await listFans(machine, files)
    })
    const chosen = await askWhich(terminal, rows)
    for (const networks of chosen) await disable(networks)
    if (chosen.length === 0) say(rows.length === 0 ? 'no fans are configured' : 'nothing was changed')
  } finally {
    terminal.close()
  }
}
