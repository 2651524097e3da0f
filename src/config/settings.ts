/** Settings that are kept for the networks of a fan: options as a line of the fan file has them, one a line. */
import { FanError } from '../core/errors.js'
import { readWords } from './fan-line.js'
import type { FanOptions, OptionKey } from './options/rows.js'
import { formatOptions, joinOptions, unknownOption } from './options/words.js'
import { pickOptions } from './request.js'
import { type FileProblem, linesOf, Misplaced, problemIn, replaceWords, splitLine, withoutBreak } from './words.js'

export interface Settings {
  readonly options: FanOptions
  readonly problems: readonly FileProblem[]
}

/** All that is said in the text, and all that is wrong with it. Never throws for what is in the text. */
export function parseSettings(text: string): Settings {
  let options: FanOptions = {}
  const problems: FileProblem[] = []
  for (const [index, line] of linesOf(text).entries()) {
    try {
      options = joined(options, readOptions(line), line)
    } catch (error) {
      problems.push(problemIn(index, error))
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
  if (stranger) throw new Misplaced(stranger.column, unknownOption(stranger.text))
  return options
}

/** What is wrong with both together is said of the line's first word. */
function joined(before: FanOptions, own: FanOptions, line: string): FanOptions {
  try {
    return joinOptions(before, own)
  } catch (error) {
    throw error instanceof FanError ? new Misplaced(line.search(/[^ \t]/) + 1, error) : error
  }
}

/** The text with these options: each in its place, new ones at the end. Nothing else of it changes. */
export function setSettings(text: string, options: FanOptions): string {
  const { options: before } = parseSettings(text)
  const changed = editOptions(text, (own) => ({ ...own, ...pickOptions(options, (key) => key in own) }))
  const added = pickOptions(options, (key) => !(key in before))
  const start = changed === '' || changed.endsWith('\n') ? changed : `${changed}\n`
  return [start, ...formatOptions(added).map((option) => `${option}\n`)].join('')
}

/** The text without these options. A line of which nothing is left goes, a comment after it stays. */
export function unsetSettings(text: string, keys: readonly OptionKey[]): string {
  return editOptions(text, (own) => pickOptions(own, (key) => !keys.includes(key)))
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
