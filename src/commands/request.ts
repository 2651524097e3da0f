/** Flags and words to requests. */
import { type FanLine, placeOf, readWords, type WordsRead } from '../config/fan-line.js'
import { completeRequest, type FanChoice, type FanRequest } from '../config/request.js'
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

/** What `up` and `plan` are asked for. Throws whatever is wrong with any of it. */
export function askedFrom(flags: FlagValues, words: readonly string[]): AskedFan {
  const { options, off, debug, ...named } = readAll(flags, words)
  return { request: completeRequest(placeOf(named), options), off, debug }
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

/** What has to be there. Throws OPTION_MISSING. */
export function required(option: string, text: string | undefined, example: string): string {
  if (text === undefined) throw new FanError('OPTION_MISSING', { option, example })
  return text
}

/** Flags are words, too: one grammar says what fits together. */
function readAll(flags: FlagValues, words: readonly string[]): WordsRead {
  const texts = [...words, ...Object.entries(flags).flatMap(([name, value]) => flagAsWord(name, value))]
  try {
    return readWords(texts.map((text, index) => ({ text, column: index + 1 })))
  } catch (error) {
    throw error instanceof Misplaced ? error.error : error
  }
}

function flagAsWord(name: string, value: FlagValues[string]): string[] {
  if (value === undefined) return []
  if (typeof value === 'string') return [`--${name}=${value}`]
  return [value ? `--${name}` : `--no-${name}`]
}
