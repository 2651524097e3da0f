import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type ErrorCode, errors } from '../src/core/error-catalogue.js'

const text = readFileSync(new URL('../docs/errors.md', import.meta.url), 'utf8')
/** By kind of error; each chapter begins with the exit status of all errors in it. */
const chapters = text.split(/^(?=# )/m)
const sections = chapters.flatMap((chapter) =>
  chapter
    .split(/^(?=#)/m)
    .filter((section) => section.startsWith('## '))
    .map((section) => ({
      code: section.split('\n', 1)[0]?.slice(3) as ErrorCode,
      section,
      exitStatus: Number(chapter.match(/^# .*\n\nExit status (\d)\./)?.[1]),
    })),
)

/** Stands for every value of every message. Text, and a list of one text, so that a message can do with it what it does. */
const value = '¤'
const details = new Proxy({}, { get: (_, key) => (/s$|^stuck$/.test(String(key)) ? [value] : value) })

/** The parts of a message that are the same for all values. How many there are of something is a value, too. */
function constantParts(code: ErrorCode): string[] {
  const say = errors[code].say as (details: object) => string
  const parts = say(details).replaceAll(/\b1\b/g, value).split(/"?¤"?/)
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

test('docs/errors.md has a heading for every error, in the order of the catalogue', () => {
  expect(sections.map(({ code }) => code)).toEqual(Object.keys(errors))
})

test.each(sections)('docs/errors.md shows the message of $code as it is', ({ code, section }) => {
  const examples = section.match(/^ {4}fanctl: .*$/gm) ?? []
  expect(examples).toHaveLength(1)
  let rest = examples[0] ?? ''
  for (const part of constantParts(code)) {
    expect(rest).toContain(part)
    rest = rest.slice(rest.indexOf(part) + part.length)
  }
})

test.each(sections)('docs/errors.md says when $code happens and what to do, in a few lines', ({ section }) => {
  const paragraphs = section.trim().split('\n\n').slice(1)
  const sentences = expect.stringMatching(/\.$/)
  expect(paragraphs).toEqual([sentences, expect.stringContaining('fanctl: '), sentences])
  expect(paragraphs.join('\n').split('\n').length).toBeLessThanOrEqual(6)
})

test.each(sections)(
  '$code ends the program with the status that its chapter of docs/errors.md says',
  ({ code, exitStatus }) => {
    expect(errors[code].exitCode).toBe(exitStatus)
  },
)
