/** A line as words, each with its place. */
import { FanError } from '../core/errors.js'

export interface Word {
  readonly text: string
  /** Counted in characters, from 1. */
  readonly column: number
}

/** A refusal that knows where in a line it belongs. */
export class Misplaced extends Error {
  readonly column: number
  readonly error: FanError

  constructor(column: number, error: FanError) {
    super(error.message, { cause: error })
    this.column = column
    this.error = error
  }
}

/** What is wrong with a line of a file. */
export interface FileProblem<Column extends number | undefined = number> {
  /** From 1. */
  readonly line: number
  /** In characters, from 1. */
  readonly column: Column
  readonly error: FanError
}

/** A refusal as a problem of a line, which is counted from 0 here. Throws any other error. */
export function problemIn(index: number, error: unknown): FileProblem {
  if (!(error instanceof Misplaced)) throw error
  return { line: index + 1, column: error.column, error: error.error }
}

/** In characters. Nothing that a fan needs is nearly as long. */
export const longestLine = 1024

/**
 * Words between spaces and tabs, up to a word that begins with "#", which starts a comment.
 * Throws Misplaced with LINE_TOO_LONG or CHARACTER_INVALID.
 */
export function splitLine(line: string): Word[] {
  if (line.length > longestLine) throw new Misplaced(longestLine + 1, new FanError('LINE_TOO_LONG', { longestLine }))
  const words: Word[] = []
  for (const match of line.matchAll(/[^ \t]+/g)) {
    const [text] = match
    const column = charactersIn(line.slice(0, match.index)) + 1
    if (text.startsWith('#')) break
    checkCharacters(text, column)
    words.push({ text, column })
  }
  return words
}

/** A line with other words; what is before them and a comment after them stay. */
export function replaceWords(line: string, words: string): string {
  const all = [...line.matchAll(/[^ \t\r\n]+/g)]
  const comment = all.findIndex(([text]) => text.startsWith('#'))
  const own = comment < 0 ? all : all.slice(0, comment)
  const [first, last] = [own[0], own.at(-1)]
  if (!first || !last) return line
  return line.slice(0, first.index) + words + line.slice(last.index + last[0].length)
}

/** The lines of a text, each with its line break, so that they joined are the text. */
export function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

/** A line without its line break. */
export function withoutBreak(line: string): string {
  return line.replace(/\r?\n?$/, '')
}

/** Control characters and the like have no place in any name or number, and would act on a terminal. */
function checkCharacters(text: string, column: number): void {
  const at = text.search(/[\p{C}\p{Z}]/u)
  if (at < 0) return
  const code = text.codePointAt(at) ?? 0
  const error = new FanError('CHARACTER_INVALID', { code: `U+${code.toString(16).toUpperCase().padStart(4, '0')}` })
  throw new Misplaced(column + charactersIn(text.slice(0, at)), error)
}

function charactersIn(text: string): number {
  return [...text].length
}
