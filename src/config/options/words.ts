/**
 * The options of a fan as words: `dhcp` and `host-reserve 5` as ubuntu-fan 0.3 has them, `--dhcp` and `--bridge=NAME` as
 * 0.9 has them, and all forms for all options.
 */
import { FanError } from '../../core/errors.js'
import type { Switch, Valued } from './option.js'
import { type FanOptions, type OptionKey, type OptionRow, rows } from './rows.js'

type Keyed<Kind> = Kind & { readonly key: OptionKey }

function isValued(row: OptionRow): row is Keyed<Valued> {
  return row.value !== undefined
}

function isSwitch(row: OptionRow): row is Keyed<Switch> {
  return !isValued(row)
}

const valued = new Map(rows.filter(isValued).map((row) => [row.name, row]))

/** What each word of a switch sets. */
const switches = new Map(
  rows
    .filter(isSwitch)
    .flatMap(({ key, name, negatable, aliases = [] }) => [
      ...[name, ...aliases].map((word): [string, FanOptions] => [word, { [key]: true }]),
      ...(negatable ? [[`no-${name}`, { [key]: false }] satisfies [string, FanOptions]] : []),
    ]),
)

/** Every option by its name for people: what it sets. */
export const optionKeys: ReadonlyMap<string, OptionKey> = new Map(rows.map(({ name, key }) => [name, key]))

export const optionWords: readonly string[] = [...[...switches.keys()].sort(), ...[...valued.keys()].sort()]

/** Whether an option takes a value. */
export function takesValue(name: string): boolean {
  return valued.has(name)
}

/** What a switch means; undefined: it is none. */
export function readSwitch(name: string): FanOptions | undefined {
  return switches.get(name)
}

/** What an option with a value means. Throws what is wrong with the value. */
export function readOption(name: string, text: string, what = name): FanOptions {
  const row = valued.get(name)
  if (!row) throw unknownOption(name)
  return { [row.key]: row.read(what, text) }
}

/** What a flag means, of which the command line says this. Throws what is wrong with its value. */
export function readFlag(name: string, value: string | boolean): FanOptions {
  if (typeof value === 'string') return readOption(name, value, `--${name}`)
  const key = optionKeys.get(name)
  if (key === undefined) throw unknownOption(name)
  return { [key]: value }
}

export function unknownOption(option: string): FanError {
  return new FanError('OPTION_UNKNOWN', { option, options: optionWords })
}

/** Both, unless they say different things of one option: throws OPTION_CONTRADICTED then. */
export function joinOptions(one: FanOptions, other: FanOptions): FanOptions {
  for (const key of Object.keys(other) as OptionKey[])
    if (one[key] !== undefined && one[key] !== other[key])
      throw new FanError('OPTION_CONTRADICTED', { one: formatOption(one, key), other: formatOption(other, key) })
  return { ...one, ...other }
}

function formatOption(options: FanOptions, key: OptionKey): string {
  return formatOptions({ [key]: options[key] }).join(' ')
}

/** Options as words that read back as the same; for files and for people. */
export function formatOptions(options: FanOptions): string[] {
  return rows.flatMap((row) => formatRow(row, options[row.key]))
}

function formatRow(row: OptionRow, value: FanOptions[OptionKey]): string[] {
  if (value === undefined) return []
  if (isValued(row)) return [`${row.name} ${value}`]
  if (value) return [row.name]
  return isSwitch(row) && row.negatable ? [`no-${row.name}`] : []
}
