/** Changes of the fan file: one line changes, every other byte stays. */
import { FanError } from '../core/errors.js'
import { formatReference } from '../core/fan.js'
import { type FanLine, formatLine, readLine } from './fan-line.js'
import { sameNetworks } from './networks.js'
import type { FanOptions } from './options/rows.js'
import { formatOptions } from './options/words.js'
import type { FanPlace } from './request.js'
import { linesOf, longestLine, Misplaced, replaceWords, withoutBreak } from './words.js'

/** The text with a line for the networks at its end, unless there is one. Throws what `newLine` throws. */
export function addLine(text: string, place: FanPlace, options: FanOptions): string {
  if (hasLine(text, place)) return text
  const start = text === '' || text.endsWith('\n') ? text : `${text}\n`
  return `${start}${newLine(place, options)}\n`
}

/** A line that reads back as the same. Throws LINE_TOO_LONG, or UNDERLAY_MALFORMED for a device with an odd name. */
export function newLine(place: FanPlace, options: FanOptions): string {
  return checked(formatLine(place, options), place)
}

/** Whether a line is for the networks, whatever it says of them. */
export function hasLine(text: string, place: FanPlace): boolean {
  return linesOf(text).some((line) => lineFor(line, place))
}

/**
 * The text with an enabled line for the networks, which has these options besides those that it has already. An enabled
 * line that has them all stays as it is; a new one is at the end. Throws what `newLine` throws.
 */
export function enableLine(text: string, place: FanPlace, options: FanOptions): string {
  const lines = linesOf(text)
  const own = [...lines.keys()].filter((index) => lineFor(lines[index] ?? '', place))
  const chosen = own.find((index) => isOn(lines[index] ?? '')) ?? own[0]
  if (chosen === undefined) return addLine(text, place, { ...options, enable: true })
  return lines.map((line, index) => (index === chosen ? enabled(line, options) : line)).join('')
}

function enabled(line: string, options: FanOptions): string {
  const found = read(line)
  if (!found) return line
  const wanted = { ...found.options, ...options }
  const isThere = formatOptions(wanted).join() === formatOptions(found.options).join()
  if (isThere && isOn(line)) return line
  return checked(replaceWords(line, formatLine(found, { ...wanted, enable: true })), found)
}

/**
 * The text without lines for the networks. One that says more than `fanatic enable-fan` would is turned off instead, so
 * that nothing that a person wrote is lost.
 */
export function disableLine(text: string, place: FanPlace): string {
  return linesOf(text)
    .map((line) => {
      const found = lineFor(line, place)
      if (!found || found.off) return line
      const isPlain = Object.keys(found.options).every((name) => name === 'dhcp' || name === 'enable')
      if (isPlain && replaceWords(line, '').trim() === '') return ''
      return checked(replaceWords(line, `${formatLine(found, found.options)} off`), found)
    })
    .join('')
}

function isOn(line: string): boolean {
  const found = read(line)
  return found !== undefined && !found.off && (found.overlayFirst || found.options.enable === true)
}

function lineFor(line: string, place: FanPlace): FanLine | undefined {
  const found = read(line)
  return found && sameNetworks(found, place) ? found : undefined
}

/** A line that cannot be read is nobody's, and stays. */
function read(line: string): FanLine | undefined {
  try {
    return readLine(withoutBreak(line))
  } catch (error) {
    if (error instanceof Misplaced) return undefined
    throw error
  }
}

/** What is written has to be readable again: the kernel allows devices to be called "#1" or "dhcp=". */
function checked(line: string, place: FanPlace): string {
  const found = read(line)
  if (found && sameNetworks(found, place)) return line
  if (line.length > longestLine) throw new FanError('LINE_TOO_LONG', { longestLine })
  throw new FanError('UNDERLAY_MALFORMED', { what: 'the underlay', text: formatReference(place.underlay) })
}
