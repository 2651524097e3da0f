/** What a row of the options says, and the kinds of rows that there are: a choice, a number, any text, and a switch. */
import type * as zod from 'zod/mini'
import type { Prefix } from '../../core/ipv4.js'
import type { TypeName } from '../../core/types/types.js'
import { readChoice, readNumber } from '../values.js'

/** Handed to rows, so that who needs none of it does not load it. */
export type Zod = typeof zod

interface Common {
  /** `mtu 1400` in the fan file, `--mtu 1400` on a command line. */
  readonly name: string
  /** For --help, without the types and the default. */
  readonly help: string
  /** The types of fan that have it. Left out: all. */
  readonly types?: readonly TypeName[]
  /**
   * What the record of a fan holds, where it holds it at all. An option that came later has its default here, too
   * (`z._default`): records of earlier versions do without it.
   */
  readonly record: (z: Zod) => zod.ZodMiniType
}

/** An option that takes a value. */
export interface Valued<Value = unknown> extends Common {
  /** What --help calls the value. */
  readonly value: string
  /** What holds where nothing is said. Left out: it is computed. */
  readonly default?: Value
  /** The default in words, where it is computed. */
  readonly otherwise?: string
  /** The default, where it follows from the overlay. */
  readonly computed?: (overlay: Prefix) => Value
  /** Throws what is wrong with a text; `what` is how that calls the option. */
  readonly read: (what: string, text: string) => Value
}

/** An option that is there or not. */
export interface Switch extends Common {
  readonly value?: undefined
  readonly default: boolean
  /** Whether `no-NAME` turns it off. */
  readonly negatable: boolean
  /** Other words that turn it on, in files. */
  readonly aliases?: readonly string[]
}

export type Option = Valued | Switch

/** What an option is set to. */
export type ValueOf<Row extends Option> = Row extends Valued ? ReturnType<Row['read']> : boolean

type Row<Made extends keyof Valued> = Omit<Valued, Made | 'default' | 'computed'>

export function choice<Value extends string, const Said extends Row<'read' | 'record'>>(
  row: Said & { readonly choices: readonly Value[]; readonly default: NoInfer<Value> },
) {
  return {
    ...row,
    read: (what: string, text: string) => readChoice(what, text, row.choices),
    record: (z: Zod) => z.enum(row.choices),
  }
}

/** Both ends are allowed. */
export function number<
  const Said extends Row<'read' | 'record'> & {
    readonly least: number
    readonly most: number
    readonly default?: number
    readonly computed?: (overlay: Prefix) => number
  },
>(row: Said) {
  return {
    ...row,
    read: (what: string, text: string) => readNumber(what, text, row.least, row.most),
    record: (z: Zod) => z.int().check(z.gte(row.least), z.lte(row.most)),
  }
}

export function text<const Said extends Omit<Valued<string>, 'record'>>(row: Said) {
  return { ...row, record: (z: Zod) => z.string() }
}

export function onOff<const Said extends Omit<Switch, 'record'>>(row: Said) {
  return { ...row, record: (z: Zod) => z.boolean() }
}
