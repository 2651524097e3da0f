/** The flags that several commands have, and how usages name them. */
import * as Flags from '@oclif/core/flags'
import type { BooleanFlag, OptionFlag } from '@oclif/core/interfaces'
import type { Valued } from '../config/options/option.js'
import { type NameOf, type OptionKey, type OptionRow, type options, rows } from '../config/options/rows.js'

/** For commands that change the host. */
export const lockFlags = {
  'no-wait': Flags.boolean({
    description: 'fail at once, naming the process, if another fanctl is changing this host',
  }),
}

/** The flags that name the networks of a fan. */
export const networkFlags = {
  overlay: Flags.string({
    char: 'o',
    description: 'network of the containers, such as 250.0.0.0/8',
    helpValue: 'OVERLAY',
  }),
  underlay: Flags.string({
    char: 'u',
    description:
      "this host's address with the length of the hosts' network (10.0.3.4/16), that network (10.0.0.0/16), a device (eth0/16), or default/16 for the device of the default route; without a length: /16",
    helpValue: 'UNDERLAY',
  }),
}

type SettingFlags = {
  readonly [Key in OptionKey as NameOf<Key>]: (typeof options)[Key] extends Valued
    ? OptionFlag<string | undefined>
    : BooleanFlag<boolean>
}

/** The flags that say how a fan is to be: every option. */
export const settingFlags = Object.fromEntries(rows.map((row) => [row.name, flagOf(row)])) as SettingFlags

function flagOf(row: OptionRow) {
  const description = descriptionOf(row)
  return row.value === undefined
    ? Flags.boolean({ description, allowNo: row.negatable })
    : Flags.string({ description, helpValue: row.value })
}

/** `vxlan only: UDP port, the same on every host; default: 8472`. */
function descriptionOf(row: OptionRow): string {
  const only = row.types ? `${row.types.join(' and ')} only: ` : ''
  const usual = defaultOf(row)
  return `${only}${row.help}${usual === undefined ? '' : `; default: ${usual}`}`
}

/** Undefined for a switch that only turns something on. */
function defaultOf(row: OptionRow): string | undefined {
  if (row.value !== undefined) return row.otherwise ?? `${row.default}`
  if (!row.negatable) return undefined
  return row.default ? 'on' : 'off'
}

/** The flags that name a fan. */
export const fanFlags = { ...networkFlags, bridge: settingFlags.bridge }

/** Every option, as a usage names it: `[--no-nat] [--mtu BYTES]`. */
export const settingUsage = rows.map((row) => `[${usageOf(row)}]`).join(' ')

function usageOf(row: OptionRow): string {
  if (row.value !== undefined) return `--${row.name} ${row.value}`
  return row.default ? `--no-${row.name}` : `--${row.name}`
}
