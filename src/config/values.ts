/** Text that a person typed to values. Every refusal says which text, and what would be right. */
import { FanError } from '../core/errors.js'
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

/** The default length of an underlay that is named by a device only, as the old fanctl had it. */
const deviceLength = 16

/** Where a fan's underlay is: an address or network, a device, or the device of the default route. */
export type UnderlayReference =
  | { readonly kind: 'prefix'; readonly prefix: Prefix }
  | { readonly kind: 'device'; readonly device: string; readonly length: number }
  | { readonly kind: 'default'; readonly length: number }

/** A prefix, host bits and all. Throws one of the errors about addresses and lengths. */
export function readPrefix(what: string, text: string): Prefix {
  const parsed = parsePrefix(text)
  if (typeof parsed === 'string') throw problemWith(what, text, parsed)
  return parsed
}

/** An address. Throws one of the errors about addresses. */
export function readAddress(what: string, text: string): Ipv4 {
  const parsed = parseAddress(text)
  if (typeof parsed === 'string') throw problemWith(what, text, parsed)
  return parsed
}

/** `10.0.3.4/16`, `10.0.0.0/16`, `eth0/16` or `default/16`. Throws one of the errors about addresses and lengths. */
export function readUnderlay(what: string, text: string): UnderlayReference {
  const slash = text.lastIndexOf('/')
  const name = slash < 0 ? text : text.slice(0, slash)
  if (!isLinkName(name) || looksLikeAddress(name)) return { kind: 'prefix', prefix: readUnderlayPrefix(what, text) }
  const length = slash < 0 ? deviceLength : parseLength(text.slice(slash + 1))
  if (length === undefined) throw problemWith(what, text, 'length-range')
  return name === 'default' ? { kind: 'default', length } : { kind: 'device', device: name, length }
}

/** What is no address could have been meant as a device. */
function readUnderlayPrefix(what: string, text: string): Prefix {
  const parsed = parsePrefix(text)
  if (parsed === 'malformed') throw new FanError('UNDERLAY_MALFORMED', { what, text })
  return readPrefix(what, text)
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

function problemWith(what: string, text: string, problem: Ipv4Problem): FanError {
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
      const length = what.includes('overlay') ? 8 : 16
      const example = formatPrefix({ address: typeof address === 'string' ? ipv4(0) : address, length })
      return new FanError('PREFIX_LENGTH_MISSING', { what, text, example })
    }
    case 'length-range':
      return new FanError('PREFIX_LENGTH_INVALID', { what, text })
    default:
      return problem satisfies never
  }
}
