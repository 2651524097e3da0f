/** The questions of `fanatic configure` and `deconfigure`, apart from the terminal that they are asked on. */
import type { Suggestion } from '../../app/fan/suggest.js'
import type { FanRow } from '../../app/fanatic/fanatic.js'
import { readOverlay, readUnderlay } from '../../config/values.js'
import { FanError } from '../../core/errors.js'
import { formatReference } from '../../core/fan.js'
import { formatPrefix, type Prefix } from '../../core/ipv4.js'
import { type FanNetworks, fanNetworks } from '../../core/networks.js'

export interface Terminal {
  /** The answer without its line's end; undefined: there is no more input. */
  ask(question: string): Promise<string | undefined>
  say(text: string): void
}

/** Asks for two networks until they make a fan; undefined: the person has gone. */
export async function askNetworks(terminal: Terminal, suggestion: Suggestion): Promise<FanNetworks | undefined> {
  for (;;) {
    const underlay = await askOne(terminal, 'underlay', suggestion.underlay, (text) =>
      readUnderlay('the underlay', text),
    )
    if (!underlay) return undefined
    const overlay = await askOne(terminal, 'overlay', suggestion.overlay, (text) => readOverlay('the overlay', text))
    if (!overlay) return undefined
    const networks = attempt(terminal, () => fanNetworks({ overlay, underlay }))
    if (networks) return networks
  }
}

async function askOne<Value>(
  terminal: Terminal,
  name: string,
  proposal: Prefix | undefined,
  read: (text: string) => Value,
): Promise<Value | undefined> {
  for (;;) {
    const shown = proposal ? formatPrefix(proposal) : ''
    const answer = await terminal.ask(
      `Reconfigure fan ${name} (hit return to accept, or specify alternative) [${shown}]: `,
    )
    if (answer === undefined) return undefined
    const value = attempt(terminal, () => read(answer.trim() || shown))
    if (value !== undefined) return value
  }
}

/** Prints what is wrong, so that the question can be repeated. */
function attempt<Value>(terminal: Terminal, read: () => Value): Value | undefined {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof FanError)) throw error
    terminal.say(`${error.message}\n  ${error.hint ?? ''}`.trimEnd())
    return undefined
  }
}

/** Asks of each fan whether it is to go; no answer is a no. */
export async function askWhich(terminal: Terminal, rows: readonly FanRow[]): Promise<FanNetworks[]> {
  const chosen: FanNetworks[] = []
  for (const { networks, bridge } of rows) {
    const name = `${formatPrefix(networks.overlay)} over ${formatReference(networks.underlay)}`
    const answer = await terminal.ask(`Remove the fan ${name}${bridge ? ` on ${bridge}` : ''}? [y/N]: `)
    if (answer === undefined) return chosen
    if (/^y(?:es)?$/i.test(answer.trim())) chosen.push(networks)
  }
  return chosen
}
