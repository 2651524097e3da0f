/**
 * One fan as a line of words, in either grammar of ubuntu-fan:
 *
 *     250.0.0.0/8 eth0/16 dhcp host-reserve 5 bridge fan0       0.3, overlay first
 *     10.0.0.0/16 250.0.0.0/8 --dhcp --bridge=fan0 --enable     0.9, underlay first
 *     -u eth0/16 -o 250.0.0.0/8 --dhcp                          0.9, flags
 */
import { FanError } from '../core/errors.js'
import { formatReference } from '../core/fan.js'
import { formatPrefix } from '../core/ipv4.js'
import { type FanNetworks, fanNetworks, type NamedNetworks } from '../core/networks.js'
import type { FanOptions } from './options/rows.js'
import {
  formatOptions,
  joinOptions,
  readFlag,
  readOption,
  readSwitch,
  takesValue,
  unknownOption,
} from './options/words.js'
import { type FanPair, readPair } from './pair.js'
import { isOctet, readOverlay, readUnderlay } from './values.js'
import { Misplaced, splitLine, type Word } from './words.js'

export interface FanLine extends FanNetworks {
  readonly options: FanOptions
  /** Kept for later: nothing is done with it. */
  readonly off: boolean
  /** To be explained instead of done. */
  readonly debug: boolean
  /** Of the first word. */
  readonly column: number
  /** Lines with the overlay first are for `up -a` unless they are off; others have to say so. */
  readonly overlayFirst: boolean
}

/** The words of a command line after its flags, or those of a line of a file. */
export interface WordsRead {
  /** One or two networks. */
  readonly networks: readonly Word[]
  readonly overlay?: Word
  readonly underlay?: Word
  readonly options: FanOptions
  readonly off: boolean
  readonly debug: boolean
}

/** A line of a file; undefined: nothing is on it. Throws Misplaced. */
export function readLine(line: string): FanLine | undefined {
  const words = splitLine(line)
  const [first] = words
  if (!first) return undefined
  const { options, off, debug, ...named } = readWords(words)
  return { ...at(first, () => networksIn(named)), options, off, debug, column: first.column }
}

/** What flags of a command line hold, by their names. Those that are left out are undefined. */
export type FlagValues = Readonly<Record<string, string | boolean | undefined>>

/**
 * What words say, and flags with them: one grammar says what fits together. Throws Misplaced for the first word that is
 * wrong, or what is wrong with a flag.
 */
export function readWords(words: readonly Word[], flags: FlagValues = {}): WordsRead {
  let read: WordsRead = { networks: [], options: {}, off: false, debug: false }
  const rest = [...words]
  for (let word = rest.shift(); word; word = rest.shift()) {
    const current = word
    read = at(current, () => readWord(current, rest, read))
  }
  for (const [name, value] of Object.entries(flags)) if (value !== undefined) read = withFlag(read, name, value)
  for (const network of read.networks) at(network, () => checkNetwork(network.text))
  const [surplus] = read.networks.slice(2 - namedBy(read))
  if (surplus) at(surplus, () => unknown(surplus.text))
  return read
}

/** A flag stands in no column. */
function withFlag(read: WordsRead, name: string, value: string | boolean): WordsRead {
  if (isNaming(name) && typeof value === 'string') return { ...read, [name]: { text: value, column: 0 } }
  return withOptions(read, readFlag(name, value))
}

function isNaming(name: string): name is 'overlay' | 'underlay' {
  return name === 'overlay' || name === 'underlay'
}

function readWord(word: Word, rest: Word[], read: WordsRead): WordsRead {
  const [name, given] = nameAndValue(word.text)
  const value = () => given ?? takeValue(rest) ?? missing(word.text)
  const isBare = !word.text.startsWith('-')
  if (isNaming(name)) {
    if (!isBare) return { ...read, [name]: { text: value(), column: word.column } }
  } else if (takesValue(name)) return withOptions(read, readOption(name, value(), isBare ? name : `--${name}`))
  else if (given === undefined) {
    if (name === 'off' || name === 'debug') return { ...read, [name]: true }
    const options = readSwitch(name)
    if (options) return withOptions(read, options)
  }
  if (isBare && isNetworkExpected(read)) return { ...read, networks: [...read.networks, word] }
  return unknown(word.text)
}

function unknown(option: string): never {
  throw unknownOption(option)
}

/** How many networks flags give. */
function namedBy({ overlay, underlay }: Pick<WordsRead, 'overlay' | 'underlay'>): number {
  return Number(overlay !== undefined) + Number(underlay !== undefined)
}

/** `--bridge=x` gives bridge and x, `-u` underlay. A network is no name, though it may be called `dhcp`: see `-u`. */
function nameAndValue(text: string): [string, string?] {
  const short = { '-o': 'overlay', '-u': 'underlay' }[text.slice(0, 2)]
  if (short) return text.length === 2 ? [short] : [short, text.slice(text[2] === '=' ? 3 : 2)]
  const equals = text.indexOf('=')
  const name = (equals < 0 ? text : text.slice(0, equals)).replace(/^--/, '')
  return equals < 0 ? [name] : [name, text.slice(equals + 1)]
}

function isNetworkExpected(read: WordsRead): boolean {
  const { networks, options, off, debug } = read
  return networks.length + namedBy(read) < 2 && Object.keys(options).length === 0 && !off && !debug
}

/** Throws OPTION_CONTRADICTED where an option is said twice, differently. */
function withOptions(read: WordsRead, options: FanOptions): WordsRead {
  return { ...read, options: joinOptions(read.options, options) }
}

/** What looks like a flag is none. */
function takeValue(rest: Word[]): string | undefined {
  return /^-[-a-z]/.test(rest[0]?.text ?? '') ? undefined : rest.shift()?.text
}

function missing(option: string): never {
  throw new FanError('OPTION_MISSING', { option: `the value of ${option}`, example: `${option} VALUE` })
}

/** So that what is wrong with one network is not said of a pair. */
function checkNetwork(text: string): void {
  if (isOctet(text)) readOverlay('the overlay', text)
  else readUnderlay('the network', text)
}

/**
 * Which networks are meant. Throws what is wrong with them, OPTION_MISSING for one too few.
 */
export function networksIn({
  networks,
  overlay,
  underlay,
}: Pick<WordsRead, 'networks' | 'overlay' | 'underlay'>): FanPair {
  const [first, second] = networks
  const overlayText = overlay?.text ?? (underlay && first?.text)
  const underlayText = underlay?.text ?? (overlay && first?.text)
  if (overlayText !== undefined && underlayText !== undefined)
    return {
      ...fanNetworks({
        overlay: readOverlay('--overlay', overlayText),
        underlay: readUnderlay('--underlay', underlayText),
      }),
      overlayFirst: false,
    }
  if (first && second) return readPair(first.text, second.text)
  const isOverlayThere = overlayText !== undefined
  throw new FanError('OPTION_MISSING', {
    option: first ? `a network besides "${first.text}"` : isOverlayThere ? '--underlay' : '--overlay',
    example: isOverlayThere ? '-u 10.0.3.4/16' : '-o 250.0.0.0/8 -u 10.0.3.4/16',
  })
}

/** A line that reads back as the same. Underlay first, as ubuntu-fan 0.9 and later write it. */
export function formatLine({ overlay, underlay }: NamedNetworks, options: FanOptions): string {
  return [formatReference(underlay), formatPrefix(overlay), ...formatOptions(options).map((one) => `--${one}`)].join(
    ' ',
  )
}

function at<Result>(word: Word, read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    throw error instanceof FanError ? new Misplaced(word.column, error) : error
  }
}
