/** Settings that are kept for the networks of a fan: options as a line of the fan file has them, one a line. */
import { FanError } from '../core/errors.js'
import { readWords } from './fan-line.js'
import { formatOptions, optionWords } from './options.js'
import type { FanOptions } from './request.js'
import { linesOf, Misplaced, replaceWords, splitLine, withoutBreak } from './words.js'

/** A refusal that knows its line, from 1, and its column. */
export interface SettingsProblem {
  readonly line: number
  readonly column: number
  readonly error: FanError
}

export interface Settings {
  readonly options: FanOptions
  readonly problems: readonly SettingsProblem[]
}

/** All that is said in the text, and all that is wrong with it. Never throws for what is in the text. */
export function parseSettings(text: string): Settings {
  let options: FanOptions = {}
  const problems: SettingsProblem[] = []
  for (const [index, line] of linesOf(text).entries()) {
    try {
      const own = readOptions(line)
      for (const name of Object.keys(own) as (keyof FanOptions)[])
        if (options[name] !== undefined && options[name] !== own[name]) throw contradiction(line, options, own, name)
      options = { ...options, ...own }
    } catch (error) {
      if (!(error instanceof Misplaced)) throw error
      problems.push({ line: index + 1, column: error.column, error: error.error })
    }
  }
  return { options, problems }
}

/** The options of one line. Throws Misplaced for anything else on it. */
function readOptions(line: string): FanOptions {
  const words = splitLine(withoutBreak(line))
  const [first] = words
  const { networks, overlay, underlay, options, off, debug } = readWords(words)
  const stranger = networks[0] ?? overlay ?? underlay ?? (off || debug ? first : undefined)
  if (stranger)
    throw new Misplaced(
      stranger.column,
      new FanError('OPTION_UNKNOWN', { option: stranger.text, options: optionWords }),
    )
  return options
}

function contradiction(line: string, before: FanOptions, own: FanOptions, name: keyof FanOptions): Misplaced {
  const [one = '', other = ''] = [before, own].map((options) => formatOptions({ [name]: options[name] }).join(' '))
  return new Misplaced(line.search(/[^ \t]/) + 1, new FanError('OPTION_CONTRADICTED', { one, other }))
}

/** The text with these options: each in its place, new ones at the end. Nothing else of it changes. */
export function setSettings(text: string, options: FanOptions): string {
  const { options: before } = parseSettings(text)
  const changed = editOptions(text, (own) => {
    const known = Object.keys(own).filter((name) => Object.hasOwn(options, name))
    return { ...own, ...pick(options, known) }
  })
  const added = Object.keys(options).filter((name) => !Object.hasOwn(before, name))
  const start = changed === '' || changed.endsWith('\n') ? changed : `${changed}\n`
  return [start, ...formatOptions(pick(options, added)).map((option) => `${option}\n`)].join('')
}

/** The text without these options. A line of which nothing is left goes, a comment after it stays. */
export function unsetSettings(text: string, names: readonly (keyof FanOptions)[]): string {
  return editOptions(text, (own) =>
    pick(
      own,
      Object.keys(own).filter((name) => !names.includes(name as keyof FanOptions)),
    ),
  )
}

/** Rewrites the words of the lines whose options change. */
function editOptions(text: string, edit: (own: FanOptions) => FanOptions): string {
  return linesOf(text)
    .map((line) => {
      const own = readOptions(line)
      const words = formatOptions(edit(own)).join(' ')
      if (words === formatOptions(own).join(' ')) return line
      const rest = replaceWords(line, words)
      return rest.trim() === '' ? '' : rest
    })
    .join('')
}

function pick(options: FanOptions, names: readonly string[]): FanOptions {
  return Object.fromEntries(Object.entries(options).filter(([name]) => names.includes(name)))
}
