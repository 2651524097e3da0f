/** Text that a person typed to values. Every refusal says which text, and what would be right. */
import { FanError } from '../core/errors.js'
import type { UnderlayReference } from '../core/fan.js'
import {
  formatPrefix,
  type Ipv4,
  type Ipv4Problem,
  ipv4,
  type Prefix,
  parseAddress,
  parseLength,
  parsePrefix,
} from '../core/ipv4.js'
import { isLinkName } from '../core/names.js'

/** The length of an underlay that is given without one, as ubuntu-fan has it. */
const usualUnderlayLength = 16
export const usualOverlayLength = 8

/**
 * A prefix, host bits and all. `usual` is a length for an example. Throws one of the errors about addresses and lengths.
 */
export function readPrefix(what: string, text: string, usual = usualUnderlayLength): Prefix {
  const parsed = parsePrefix(text)
  if (typeof parsed === 'string') throw problemWith(what, text, parsed, usual)
  return parsed
}

/** `250.0.0.0/8`, or `250` for that. Throws one of the errors about addresses and lengths. */
export function readOverlay(what: string, text: string): Prefix {
  return readPrefix(what, isOctet(text) ? `${text}.0.0.0/${usualOverlayLength}` : text, usualOverlayLength)
}

/** Whether a text is a number alone, which only an overlay can be. */
export function isOctet(text: string): boolean {
  return /^\d{1,3}$/.test(text)
}

/** An address. Throws one of the errors about addresses. */
export function readAddress(what: string, text: string): Ipv4 {
  const parsed = parseAddress(text)
  if (typeof parsed === 'string') throw problemWith(what, text, parsed)
  return parsed
}

/** `10.0.3.4/16`, `10.0.0.0/16`, `eth0/16` or `default/16`; without a length it is 16. Throws one of the errors about addresses and lengths. */
export function readUnderlay(what: string, text: string): UnderlayReference {
  const slash = text.lastIndexOf('/')
  const name = slash < 0 ? text : text.slice(0, slash)
  if (!isLinkName(name) || looksLikeAddress(name)) return { kind: 'prefix', prefix: readUnderlayPrefix(what, text) }
  const length = slash < 0 ? usualUnderlayLength : parseLength(text.slice(slash + 1))
  if (length === undefined) throw problemWith(what, text, 'length-range')
  return name === 'default' ? { kind: 'default', length } : { kind: 'device', device: name, length }
}

/** What is no address could have been meant as a device. */
function readUnderlayPrefix(what: string, text: string): Prefix {
  const parsed = parsePrefix(text)
  if (parsed === 'malformed') throw new FanError('UNDERLAY_MALFORMED', { what, text })
  return readPrefix(what, parsed === 'length-missing' ? `${text}/${usualUnderlayLength}` : text)
}

/** Digits and dots are meant as an address, however wrong. A colon never is in a name. */
function looksLikeAddress(text: string): boolean {
  return /^[\d.]+$/.test(text)
}

/** A whole number in a range. Throws NUMBER_INVALID. */
export function readNumber(option: string, text: string, least: number, most: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= least && value <= most)) throw new FanError('NUMBER_INVALID', { option, text, least, most })
  return value
}

/** One of some words. Throws CHOICE_INVALID. */
export function readChoice<Choice extends string>(option: string, text: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((one) => one === text)
  if (choice === undefined) throw new FanError('CHOICE_INVALID', { option, text, choices })
  return choice
}

/** The text as it was probably meant, if that is an address or a prefix. */
function withoutZeros(text: string): string {
  const better = text.replaceAll(/\b0+(?=\d)/g, '')
  const isRight = typeof (better.includes('/') ? parsePrefix(better) : parseAddress(better)) !== 'string'
  return isRight ? better : 'it without, such as 10.0.3.4'
}

function problemWith(what: string, text: string, problem: Ipv4Problem, usual = usualUnderlayLength): FanError {
  switch (problem) {
    case 'empty':
      return new FanError('VALUE_EMPTY', { what, text })
    case 'ipv6':
      return new FanError('IPV6_UNSUPPORTED', { what, text })
    case 'malformed':
      return new FanError('ADDRESS_MALFORMED', { what, text })
    case 'leading-zero':
      return new FanError('LEADING_ZERO', { what, text, better: withoutZeros(text) })
    case 'octet-range':
      return new FanError('OCTET_OUT_OF_RANGE', { what, text })
    case 'length-missing': {
      const address = parseAddress(text)
      const example = formatPrefix({ address: typeof address === 'string' ? ipv4(0) : address, length: usual })
      return new FanError('PREFIX_LENGTH_MISSING', { what, text, example })
    }
    case 'length-range':
      return new FanError('PREFIX_LENGTH_INVALID', { what, text })
    default:
      return problem satisfies never
  }
}
