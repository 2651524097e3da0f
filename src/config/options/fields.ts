/**
 * The options of a fan as fields of JSON, in its record and in what `show --json` says of it. A field is called as the
 * option is, in camelCase.
 */
import type { ZodMiniOptional, ZodMiniType } from 'zod/mini'
import type { Fan } from '../../core/fan.js'
import type { Zod } from './option.js'
import { type Defaults, type NameOf, type OptionKey, type OptionRow, rows } from './rows.js'

type CamelCase<Text extends string> = Text extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Text

/** Every option has its place in a fan; one whose default is a value is always there. */
type Settings = { [Key in OptionKey]-?: Exclude<Fan[Key], undefined> }
type Always = keyof Defaults
type Sometimes = Exclude<OptionKey, Always>
type FieldOf<Key extends OptionKey> = CamelCase<NameOf<Key>>

export type Fields = { readonly [Key in Always as FieldOf<Key>]: Settings[Key] } & {
  readonly [Key in Sometimes as FieldOf<Key>]?: Settings[Key] | undefined
}

type FieldsSchema = { readonly [Key in Always as FieldOf<Key>]: ZodMiniType<Settings[Key]> } & {
  readonly [Key in Sometimes as FieldOf<Key>]: ZodMiniOptional<ZodMiniType<Settings[Key]>>
}

function fieldOf({ name }: OptionRow): keyof Fields {
  return name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase()) as keyof Fields
}

/** What each field has to be, as the shape of an object. */
export function fieldsSchema(z: Zod): FieldsSchema {
  const shape = rows.map((row) => [fieldOf(row), row.default === undefined ? z.optional(row.record(z)) : row.record(z)])
  return Object.fromEntries(shape) as FieldsSchema
}

/** What a fan is set to. What is computed for it is left out. */
export function fieldsOf(fan: Fan): Fields & { readonly bridge: string } {
  const fields = rows.flatMap((row) => (fan[row.key] === undefined ? [] : [[fieldOf(row), fan[row.key]]]))
  return Object.fromEntries(fields) as Fields & { readonly bridge: string }
}

/** The settings of a fan that its fields tell. */
export function settingsOf(fields: Fields): Pick<Settings, Always> & { readonly [Key in Sometimes]?: Settings[Key] } {
  const settings = rows.flatMap((row) => {
    const value = fields[fieldOf(row)]
    return value === undefined ? [] : [[row.key, value]]
  })
  return Object.fromEntries(settings) as Pick<Settings, Always> & { readonly [Key in Sometimes]?: Settings[Key] }
}
