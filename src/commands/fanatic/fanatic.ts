/** `fanatic VERB [-u UNDERLAY -o OVERLAY]`: the verbs of ubuntu-fan's wizard, over the use cases of fanctl. */
import { createInterface } from 'node:readline'
import { untilSignal } from '../../app/signals.js'
import type { Paths } from '../../config/paths.js'
import type { FanOptions, FanPlace } from '../../config/request.js'
import { FanError } from '../../core/errors.js'
import { defaultBridge, formatReference } from '../../core/fan.js'
import { formatPrefix } from '../../core/ipv4.js'
import { oneLine, oneLined } from '../../core/printable.js'
import type { LinuxMachine } from '../../linux/machine.js'
import { openMachine } from '../base.js'
import { printTable, printUp } from '../output.js'
import { fanFrom } from '../request.js'
import { askPlace, askWhich, type Terminal } from './dialogue.js'
import { help, refuseLater } from './help.js'

/** Throws USAGE for an unknown verb, and whatever the verb throws. */
export async function fanatic(words: readonly string[]): Promise<void> {
  const isTerminal = process.stdin.isTTY === true
  const [verb = isTerminal ? 'configure' : 'help', ...rest] = words
  if (verb === 'help' || rest.includes('--help') || /^-(?:h|-help)$/.test(verb)) return say(help.trimEnd())
  refuseLater(verb, () => (rest.length > 0 ? defaultBridge(fanFrom(rest).place.overlay) : 'fan-250'))
  const given = rest.length > 0 ? fanFrom(rest) : undefined
  switch (verb) {
    case 'show':
      return await show()
    case 'configure':
      if (given) return await enable(given.place, given.options)
      return await configure(needTerminal(verb, isTerminal))
    case 'deconfigure':
      if (given) return await disable(given.place)
      return await deconfigure(needTerminal(verb, isTerminal))
    case 'enable-fan':
      return given ? await enable(given.place, given.options) : refuseBare(verb)
    case 'disable-fan':
      return given ? await disable(given.place) : refuseBare(verb)
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
  use: (machine: LinuxMachine, paths: Paths, fans: typeof import('../../app/fanatic/fanatic.js')) => Promise<Result>,
): Promise<Result> {
  const fans = await import('../../app/fanatic/fanatic.js')
  const { pathsFrom } = await import('../../config/paths.js')
  return await openMachine((machine) => use(machine, pathsFrom(process.env), fans))
}

async function enable(place: FanPlace, options: FanOptions): Promise<void> {
  const result = await withFans((machine, paths, { enableFan }) =>
    untilSignal((interrupted) => enableFan(machine, paths, place, options, interrupted)),
  )
  const { viewUp } = await import('../../results/views.js')
  const view = viewUp(result)
  for (const warning of view.warnings) process.stderr.write(`fanatic: warning: ${oneLine(warning)}\n`)
  say(printUp(oneLined(view.fan), view.changed))
}

async function disable(place: FanPlace): Promise<void> {
  const { bridge, warnings } = await withFans((machine, paths, { disableFan }) =>
    untilSignal((interrupted) => disableFan(machine, paths, place, interrupted)),
  )
  for (const warning of warnings) process.stderr.write(`fanatic: warning: ${oneLine(warning)}\n`)
  say(bridge === undefined ? 'the fan was not up; its line is now off or removed' : `${bridge} is down`)
}

/** Programs read these columns by their order; Docker and LXD come with the containers. */
async function show(): Promise<void> {
  const rows = await withFans((machine, paths, { listFans }) => listFans(machine, paths))
  say(
    printTable([
      ['Underlay', 'Overlay', 'Fan', 'Docker', 'LXD'],
      ...rows.map(({ place, isUp }) => [
        formatReference(place.underlay),
        formatPrefix(place.overlay),
        isUp ? 'up' : '-',
        '-',
        '-',
      ]),
    ]),
  )
}

async function configure(terminal: ReturnType<typeof needTerminal>): Promise<void> {
  try {
    const { suggest } = await import('../../app/fan/suggest.js')
    const suggestion = await withFans(async (machine, paths) => {
      if (!machine.privileged) throw new FanError('NOT_ROOT', { action: 'bring a fan up' })
      return suggest(await machine.observe(), paths)
    })
    const place = await askPlace(terminal, suggestion)
    if (place) await enable(place, {})
    else say('\nnothing was changed')
  } finally {
    terminal.close()
  }
}

async function deconfigure(terminal: ReturnType<typeof needTerminal>): Promise<void> {
  try {
    const rows = await withFans(async (machine, paths, { listFans }) => {
      if (!machine.privileged) throw new FanError('NOT_ROOT', { action: 'take a fan down' })
      return await listFans(machine, paths)
    })
    const chosen = await askWhich(terminal, rows)
    for (const place of chosen) await disable(place)
    if (chosen.length === 0) say(rows.length === 0 ? 'no fans are configured' : 'nothing was changed')
  } finally {
    terminal.close()
  }
}
