/** Flags and words to requests. */
import { type FanLine, type FlagValues, placeOf, readWords, type WordsRead } from '../config/fan-line.js'
import type { FanOptions, OptionKey } from '../config/options/rows.js'
import { formatOptions, optionKeys } from '../config/options/words.js'
import {
  checkPlace,
  completeRequest,
  type FanChoice,
  type FanPlace,
  type FanRequest,
  mergeOptions,
} from '../config/request.js'
import { readOverlay, readUnderlay } from '../config/values.js'
import { Misplaced } from '../config/words.js'
import { FanError } from '../core/errors.js'

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
  const place = checkedPlace(placeOf(named))
  const kept = off ? {} : settingsFor(place)
  return { request: completeRequest(place, mergeOptions(kept, options)), off, debug }
}

/** Gives the settings that are kept for two networks. Throws SETTINGS_INVALID or FILE_UNUSABLE. */
type SettingsFor = (place: FanPlace) => FanOptions

export async function keptSettings(): Promise<SettingsFor> {
  const { readSettings } = await import('../app/config/settings.js')
  const { pathsFrom } = await import('../config/paths.js')
  return (place) => readSettings(pathsFrom(process.env), place)
}

/** Which fan `down` is asked for. Options besides the bridge may be there, as in the line that `up` had. */
export function choiceFrom(flags: FlagValues, words: readonly string[]): FanChoice {
  const { networks, overlay, underlay, options } = readAll(flags, words)
  const bridge = options.bridge === undefined ? {} : { bridge: options.bridge }
  const [only, second] = networks
  const named = Number(overlay !== undefined) + Number(underlay !== undefined)
  if (second || networks.length + named === 2) {
    const place = placeOf({ networks, ...(overlay && { overlay }), ...(underlay && { underlay }) })
    return { overlay: place.overlay, underlay: place.underlay, ...bridge }
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
export function placeFrom(flags: FlagValues, words: readonly string[]): FanPlace {
  const { options, off, debug, ...named } = readAll(flags, words)
  const place = placeOf(named)
  refuse(off || debug ? ['off or debug'] : formatOptions(options))
  return checkedPlace(place)
}

/** Two networks, and options for them, in words and flags as they were typed. */
export function fanFrom(words: readonly string[]): { place: FanPlace; options: FanOptions } {
  return named(readAll({}, words))
}

function named({ options, off, debug, ...networks }: WordsRead): { place: FanPlace; options: FanOptions } {
  refuse(off || debug ? ['off or debug'] : [])
  return { place: checkedPlace(placeOf(networks)), options }
}

/** Two networks, and options for them. Throws OPTION_MISSING where there is none. */
export function settingsFrom(flags: FlagValues, words: readonly string[]): { place: FanPlace; options: FanOptions } {
  const { place, options } = named(readAll(flags, words))
  if (Object.keys(options).length === 0)
    throw new FanError('OPTION_MISSING', { option: 'an option', example: 'type vxlan, or --dhcp' })
  return { place, options }
}

/** Two networks, and names of options. */
export function namesFrom(flags: FlagValues, words: readonly string[]): { place: FanPlace; keys: OptionKey[] } {
  const networks = 2 - Object.keys(flags).length
  const place = placeFrom(flags, words.slice(0, networks))
  return { place, keys: words.slice(networks).map((word) => optionKeys.get(word) ?? refuseOption(word)) }
}

function checkedPlace(place: FanPlace): FanPlace {
  checkPlace(place)
  return place
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
