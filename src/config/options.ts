/**
 * The options of a fan as words: `dhcp` and `host-reserve 5` as ubuntu-fan 0.3 has them, `--dhcp` and `--bridge=NAME` as
 * 0.9 has them, and all forms for all options.
 */
import { FanError } from '../core/errors.js'
import { largestMtu, smallestMtu } from '../core/mtu.js'
import { checkBridgeName } from '../core/names.js'
import { steeringNames } from '../core/steerings/names.js'
import { typeNames } from '../core/types/types.js'
import { largestPort, largestVni } from '../core/types/vxlan/options.js'
import type { FanOptions } from './request.js'
import { readChoice, readNumber } from './values.js'

/** Checked against the slice, too. */
const largestReserve = 2 ** 24

/** Options that take a value, and how each reads it. `what` is how a refusal calls the option. */
const readers: Readonly<Record<string, (what: string, text: string) => FanOptions>> = {
  bridge: (_, text) => ({ bridge: checkBridgeName(text) }),
  'host-reserve': (what, text) => ({ hostReserve: readNumber(what, text, 1, largestReserve) }),
  mtu: (what, text) => ({ mtu: readNumber(what, text, smallestMtu, largestMtu) }),
  port: (what, text) => ({ port: readNumber(what, text, 1, largestPort) }),
  steering: (what, text) => ({ steering: readChoice(what, text, ['auto', ...steeringNames]) }),
  type: (what, text) => ({ encapsulation: readChoice(what, text, typeNames) }),
  vni: (what, text) => ({ vni: readNumber(what, text, 1, largestVni) }),
}

/** Options that are there or not. `auto` is what ubuntu-fan 0.3 calls `enable` in its list of fans. */
const switches: Readonly<Record<string, FanOptions>> = {
  auto: { enable: true },
  dhcp: { dhcp: true },
  enable: { enable: true },
  nat: { nat: true },
  'no-dhcp': { dhcp: false },
  'no-nat': { nat: false },
}

/** What options with a value set, by name, in the order in which they are written. */
const valued = {
  type: 'encapsulation',
  steering: 'steering',
  'host-reserve': 'hostReserve',
  bridge: 'bridge',
  mtu: 'mtu',
  vni: 'vni',
  port: 'port',
} as const satisfies Record<string, keyof FanOptions>

/** Every option by its name for people: what it sets. */
export const optionKeys: Readonly<Record<string, keyof FanOptions>> = {
  dhcp: 'dhcp',
  nat: 'nat',
  ...valued,
  enable: 'enable',
}

export const optionWords: readonly string[] = [...Object.keys(switches), ...Object.keys(readers)]

/** Whether an option takes a value. */
export function takesValue(name: string): boolean {
  return Object.hasOwn(readers, name)
}

/** What a switch means; undefined: it is none. */
export function readSwitch(name: string): FanOptions | undefined {
  return Object.hasOwn(switches, name) ? switches[name] : undefined
}

/** What an option with a value means. Throws what is wrong with the value. */
export function readOption(name: string, text: string, what = name): FanOptions {
  const read = takesValue(name) ? readers[name] : undefined
  if (!read) throw new FanError('OPTION_UNKNOWN', { option: name, options: optionWords })
  return read(what, text)
}

/** Options as words that read back as the same; for files and for people. */
export function formatOptions(options: FanOptions): string[] {
  const { dhcp, nat, enable } = options
  return [
    ...(dhcp === undefined ? [] : [dhcp ? 'dhcp' : 'no-dhcp']),
    ...(nat === undefined ? [] : [nat ? 'nat' : 'no-nat']),
    ...Object.entries(valued).flatMap(([name, key]) => (options[key] === undefined ? [] : [`${name} ${options[key]}`])),
    ...(enable ? ['enable'] : []),
  ]
}
