/**
 * Text for people. Much of it comes from others: names of processes, links and containers, what programs say, what is in
 * files. A terminal would act on some of its characters, hide others or turn the line around, and the journal takes the
 * beginning of a line for its priority.
 */

/** Controls, what formats or reverses text without being seen, halves of characters, and line separators. */
const acted = /[\p{C}\p{Zl}\p{Zp}]/gu
/** The same without line breaks and tabs, and where one begins what switches bold or underlined on or off, all of that. */
const actedInLines = /(?![\n\t])[\p{C}\p{Zl}\p{Zp}](\[(?:1|22|4|24)m)?/gu
const plain = /^[\n\t -~]*$/

/**
 * The same text with each character that a terminal would act on as its code, `\u001b`. Lines and tabs stay, and so do
 * bold and underlined, as in the help: whoever smuggles them in gains nothing. In JSON such characters stand in strings
 * only, where that code means the same.
 */
export function printable(text: string): string {
  if (plain.test(text)) return text
  return text.replaceAll(actedInLines, (match, emphasis = '') =>
    match === `\u001b${emphasis}` && emphasis !== ''
      ? match
      : `${codesOf(match.slice(0, match.length - emphasis.length))}${emphasis}`,
  )
}

/** Of a character beyond U+FFFF both halves, as JSON has them. */
function codesOf(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}

/** The same on one line, with nothing of it left to act: line breaks become spaces. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ').replaceAll(acted, codesOf)
}

/** A value with each text in it on one line, so that what is made of it has no other lines than its maker's. */
export function oneLined<Value>(value: Value): Value {
  if (typeof value === 'string') return oneLine(value) as Value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(oneLined) as Value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, oneLined(one)])) as Value
}

/** Characters of a cell: names of hosts have up to 253, and names of files 255. */
const widest = 255

/** A text as wide as it is long: what is not ASCII may take two columns or none, and is shown as its code. */
export function cellOf(text: string): string {
  const codes = text.replaceAll(/[^ -~]/gu, codesOf)
  return codes.length > widest ? `${codes.slice(0, widest - 3)}...` : codes
}

/** `a, b or c` */
export function either(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
