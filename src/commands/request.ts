/** Flags and words to requests. */
import { type FanLine, type FlagValues, networksIn, readWords, type WordsRead } from '../config/fan-line.js'
import type { FanOptions, OptionKey } from '../config/options/rows.js'
import { formatOptions, optionKeys } from '../config/options/words.js'
import { completeRequest, type FanChoice, type FanRequest, mergeOptions } from '../config/request.js'
import { readOverlay, readUnderlay } from '../config/values.js'
import { Misplaced } from '../config/words.js'
import { FanError } from '../core/errors.js'
import type { FanNetworks } from '../core/networks.js'
import { openFiles } from './base.js'

export interface AskedFan extends Pick<FanLine, 'off' | 'debug'> {
  readonly request: FanRequest
}

/** The words of a command line besides its flags, in order; oclif's own list has repeated ones out of it. */
export function wordsOf(raw: readonly { readonly type: string; readonly input: string }[]): string[] {
  return raw.filter(({ type }) => type === 'arg').map(({ input }) => input)
}

/**
 * What `up` and `plan` are asked for, over the settings that are kept for its networks. Throws whatever is wrong with any
 * of it.
 */
export function askedFrom(
  flags: FlagValues,
  words: readonly string[],
  settingsFor: SettingsFor = () => ({}),
): AskedFan {
  const { options, off, debug, ...named } = readAll(flags, words)
  const networks = networksIn(named)
  const kept = off ? {} : settingsFor(networks)
  return { request: completeRequest(networks, mergeOptions(kept, options)), off, debug }
}

/** Gives the settings that are kept for two networks. Throws SETTINGS_INVALID or FILE_UNUSABLE. */
type SettingsFor = (networks: FanNetworks) => FanOptions

export async function keptSettings(): Promise<SettingsFor> {
  const { readSettings } = await import('../app/config/settings.js')
  const files = await openFiles()
  return (networks) => readSettings(files, networks)
}

/** Which fan `down` is asked for. Options besides the bridge may be there, as in the line that `up` had. */
export function choiceFrom(flags: FlagValues, words: readonly string[]): FanChoice {
  const { networks, overlay, underlay, options } = readAll(flags, words)
  const bridge = options.bridge === undefined ? {} : { bridge: options.bridge }
  const [only, second] = networks
  const named = Number(overlay !== undefined) + Number(underlay !== undefined)
  if (second || networks.length + named === 2) {
    const both = networksIn({ networks, ...(overlay && { overlay }), ...(underlay && { underlay }) })
    return { overlay: both.overlay, underlay: both.underlay, ...bridge }
  }
  const text = overlay?.text ?? only?.text
  if (text !== undefined) return { overlay: readOverlay('--overlay', text), ...bridge }
  if (options.bridge === undefined)
    throw new FanError('OPTION_MISSING', {
      option: '--overlay or --bridge',
      example: '-o 250.0.0.0/8, or --bridge fan-250',
    })
  return { ...bridge, ...(underlay && { underlay: readUnderlay('--underlay', underlay.text) }) }
}

/** Two networks and nothing else. */
export function networksFrom(flags: FlagValues, words: readonly string[]): FanNetworks {
  const { options, off, debug, ...named } = readAll(flags, words)
  const networks = networksIn(named)
  refuse([...switchesIn({ off, debug }), ...formatOptions(options)])
  return networks
}

/** Two networks, and options for them, in words and flags as they were typed. */
export function fanFrom(words: readonly string[]): { networks: FanNetworks; options: FanOptions } {
  return named(readAll({}, words))
}

function named({ options, off, debug, ...networks }: WordsRead): { networks: FanNetworks; options: FanOptions } {
  refuse(switchesIn({ off, debug }))
  return { networks: networksIn(networks), options }
}

/** Two networks, and options for them. Throws OPTION_MISSING where there is none. */
export function settingsFrom(
  flags: FlagValues,
  words: readonly string[],
): { networks: FanNetworks; options: FanOptions } {
  const { networks, options } = named(readAll(flags, words))
  if (Object.keys(options).length === 0)
    throw new FanError('OPTION_MISSING', { option: 'an option', example: 'type vxlan, or --dhcp' })
  return { networks: networks, options }
}

/** Two networks, and names of options. */
export function namesFrom(flags: FlagValues, words: readonly string[]): { networks: FanNetworks; keys: OptionKey[] } {
  const count = 2 - Object.keys(flags).length
  const networks = networksFrom(flags, words.slice(0, count))
  return { networks, keys: words.slice(count).map((word) => optionKeys.get(word) ?? refuseOption(word)) }
}

function switchesIn({ off, debug }: Pick<FanLine, 'off' | 'debug'>): string[] {
  return [...(off ? ['off'] : []), ...(debug ? ['debug'] : [])]
}

function refuse([option]: readonly string[]): void {
  if (option !== undefined) refuseOption(option)
}

function refuseOption(option: string): never {
  throw new FanError('OPTION_UNKNOWN', { option, options: [...optionKeys.keys()] })
}

/** The columns of a command line are nobody's business. */
function readAll(flags: FlagValues, words: readonly string[]): WordsRead {
  try {
    return readWords(
      words.map((text) => ({ text, column: 0 })),
      flags,
    )
  } catch (error) {
    throw error instanceof Misplaced ? error.error : error
  }
}
