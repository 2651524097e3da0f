/** Changes of the fan file: one line changes, every other byte stays. */
import { FanError } from '../core/errors.js'
import { formatReference } from '../core/fan.js'
import type { NamedNetworks } from '../core/networks.js'
import { type FanLine, formatLine, readLine } from './fan-line.js'
import { sameNetworks } from './networks.js'
import type { FanOptions } from './options/rows.js'
import { formatOptions } from './options/words.js'
import { linesOf, longestLine, Misplaced, replaceWords, withoutBreak } from './words.js'

/** The text with a line for the networks at its end, unless there is one. Throws what `newLine` throws. */
export function addLine(text: string, networks: NamedNetworks, options: FanOptions): string {
  if (hasLine(text, networks)) return text
  const start = text === '' || text.endsWith('\n') ? text : `${text}\n`
  return `${start}${newLine(networks, options)}\n`
}

/** A line that reads back as the same. Throws LINE_TOO_LONG, or UNDERLAY_MALFORMED for a device with an odd name. */
export function newLine(networks: NamedNetworks, options: FanOptions): string {
  return checked(formatLine(networks, options), networks)
}

/** Whether a line is for the networks, whatever it says of them. */
export function hasLine(text: string, networks: NamedNetworks): boolean {
  return linesOf(text).some((line) => lineFor(line, networks))
}

/**
 * The text with an enabled line for the networks, which has these options besides those that it has already. An enabled
 * line that has them all stays as it is; a new one is at the end. Throws what `newLine` throws.
 */
export function enableLine(text: string, networks: NamedNetworks, options: FanOptions): string {
  const lines = linesOf(text)
  const own = [...lines.keys()].filter((index) => lineFor(lines[index] ?? '', networks))
  const chosen = own.find((index) => isOn(lines[index] ?? '')) ?? own[0]
  if (chosen === undefined) return addLine(text, networks, { ...options, enable: true })
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
export function disableLine(text: string, networks: NamedNetworks): string {
  return linesOf(text)
    .map((line) => {
      const found = lineFor(line, networks)
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

function lineFor(line: string, networks: NamedNetworks): FanLine | undefined {
  const found = read(line)
  return found && sameNetworks(found, networks) ? found : undefined
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
function checked(line: string, networks: NamedNetworks): string {
  const found = read(line)
  if (found && sameNetworks(found, networks)) return line
  if (line.length > longestLine) throw new FanError('LINE_TOO_LONG', { longestLine })
  throw new FanError('UNDERLAY_MALFORMED', { what: 'the underlay', text: formatReference(networks.underlay) })
}
