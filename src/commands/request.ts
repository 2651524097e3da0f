/** Flags and words to requests. */
import { type FanLine, placeOf, readWords, type WordsRead } from '../config/fan-line.js'
import { formatOptions, optionKeys } from '../config/options.js'
import {
  checkPlace,
  completeRequest,
  type FanChoice,
  type FanOptions,
  type FanPlace,
  type FanRequest,
  mergeOptions,
} from '../config/request.js'
import { readOverlay, readUnderlay } from '../config/values.js'
import { Misplaced } from '../config/words.js'
import { FanError } from '../core/errors.js'

/** What flags of a fan can hold. */
export type FlagValues = Readonly<Record<string, string | boolean | undefined>>

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
  const { options, off, debug, ...named } = readAll({}, words)
  refuse(off || debug ? ['off or debug'] : [])
  return { place: checkedPlace(placeOf(named)), options }
}

/** Two networks, and options for them. Throws OPTION_MISSING where there is none. */
export function settingsFrom(flags: FlagValues, words: readonly string[]): { place: FanPlace; options: FanOptions } {
  const { place, options } = fanFrom([...words, ...asWords(flags)])
  if (Object.keys(options).length === 0)
    throw new FanError('OPTION_MISSING', { option: 'an option', example: 'type vxlan, or --dhcp' })
  return { place, options }
}

/** Two networks, and names of options. */
export function namesFrom(
  flags: FlagValues,
  words: readonly string[],
): { place: FanPlace; names: (keyof FanOptions)[] } {
  const networks = 2 - Object.keys(flags).length
  const place = placeFrom(flags, words.slice(0, networks))
  const names = words.slice(networks).map((word) => {
    const key = Object.hasOwn(optionKeys, word) ? optionKeys[word] : undefined
    if (!key) throw new FanError('OPTION_UNKNOWN', { option: word, options: Object.keys(optionKeys) })
    return key
  })
  return { place, names }
}

function checkedPlace(place: FanPlace): FanPlace {
  checkPlace(place)
  return place
}

function refuse([option]: readonly string[]): void {
  if (option !== undefined) throw new FanError('OPTION_UNKNOWN', { option, options: Object.keys(optionKeys) })
}

/** What has to be there. Throws OPTION_MISSING. */
export function required(option: string, text: string | undefined, example: string): string {
  if (text === undefined) throw new FanError('OPTION_MISSING', { option, example })
  return text
}

/** Flags are words, too: one grammar says what fits together. */
function readAll(flags: FlagValues, words: readonly string[]): WordsRead {
  const texts = [...words, ...asWords(flags)]
  try {
    return readWords(texts.map((text, index) => ({ text, column: index + 1 })))
  } catch (error) {
    throw error instanceof Misplaced ? error.error : error
  }
}

function asWords(flags: FlagValues): string[] {
  return Object.entries(flags).flatMap(([name, value]) => flagAsWord(name, value))
}

function flagAsWord(name: string, value: FlagValues[string]): string[] {
  if (value === undefined) return []
  if (typeof value === 'string') return [`--${name}=${value}`]
  return [value ? `--${name}` : `--no-${name}`]
}
