/**
 * The options of a fan, a row each. Flags and their help, words of the fan file, kept settings, records, JSON and
 * `config show` follow from the rows; what an option means is in core.
 */
import { defaultBridge } from '../../core/fan.js'
import { largestMtu, smallestMtu } from '../../core/mtu.js'
import { checkBridgeName } from '../../core/names.js'
import { either } from '../../core/printable.js'
import { steeringNames } from '../../core/steerings/names.js'
import { steerings } from '../../core/steerings/steerings.js'
import { typeNames, typesWith } from '../../core/types/types.js'
import { defaultPort, defaultVni, largestPort, largestVni } from '../../core/types/vxlan/options.js'
import { choice, number, type Option, onOff, text, type ValueOf, type Zod } from './option.js'

/** By what they set, in the order in which they are written. */
export const options = {
  dhcp: onOff({
    name: 'dhcp',
    help: 'serve DHCP and DNS on the bridge with dnsmasq',
    default: false,
    negatable: true,
  }),
  nat: onOff({
    name: 'nat',
    help: "masquerade what leaves the overlay with this host's address",
    default: true,
    negatable: true,
  }),
  encapsulation: choice({
    name: 'type',
    value: 'TYPE',
    help: `what goes on the wire, the same on every host: ${either(typeNames)}`,
    choices: typeNames,
    default: 'ipip',
  }),
  steering: {
    ...choice({
      name: 'steering',
      value: 'STEERING',
      help: `how the outer destination is found: ${steeringNames.map((name) => `${name} (${steerings[name].words})`).join(', ')} or auto (the first of these that works)`,
      choices: ['auto', ...steeringNames],
      default: 'auto',
    }),
    /** The one that was chosen. */
    record: (z: Zod) => z.enum(steeringNames),
  },
  hostReserve: {
    ...number({
      name: 'host-reserve',
      value: 'N',
      help: 'addresses to keep out of DHCP, counted from the gateway',
      least: 1,
      most: 2 ** 24,
      default: 1,
    }),
    /** Its bounds are those of the slice. */
    record: (z: Zod) => z.int(),
  },
  bridge: text({
    name: 'bridge',
    value: 'NAME',
    help: 'bridge that containers are attached to',
    otherwise: 'from the overlay, fan-250 for 250.0.0.0/8',
    computed: defaultBridge,
    read: (_, name) => checkBridgeName(name),
  }),
  mtu: number({
    name: 'mtu',
    value: 'BYTES',
    help: 'MTU of the fan',
    otherwise: 'as much as the underlay link allows',
    least: smallestMtu,
    most: largestMtu,
  }),
  vni: number({
    name: 'vni',
    value: 'VNI',
    help: 'network identifier, the same on every host',
    otherwise: 'the first three octets of the overlay',
    computed: defaultVni,
    types: typesWith('vni'),
    least: 1,
    most: largestVni,
  }),
  port: number({
    name: 'port',
    value: 'PORT',
    help: 'UDP port, the same on every host',
    otherwise: `${defaultPort}`,
    computed: () => defaultPort,
    types: typesWith('port'),
    least: 1,
    most: largestPort,
  }),
  enable: onOff({
    name: 'enable',
    help: 'treat it like a line of the fan file: "down -a" takes it down',
    default: false,
    negatable: false,
    // As ubuntu-fan 0.3 calls it in its list of fans.
    aliases: ['auto'],
  }),
} satisfies Readonly<Record<string, Option>>

type Options = typeof options
export type OptionKey = keyof Options
export type NameOf<Key extends OptionKey> = Options[Key]['name']

/** What may be said about a fan besides where it is. What is left out has a default. */
export type FanOptions = { readonly [Key in OptionKey]?: ValueOf<Options[Key]> }

/** Those whose default is a value, and is not computed. */
type DefaultKey = { [Key in OptionKey]: Options[Key] extends { readonly default: unknown } ? Key : never }[OptionKey]
export type Defaults = { readonly [Key in DefaultKey]: ValueOf<Options[Key]> }

export type OptionRow = Option & { readonly key: OptionKey }

export const rows: readonly OptionRow[] = Object.entries<Option>(options).map(([key, row]) => ({
  ...row,
  key: key as OptionKey,
}))

/** What holds for every fan of which nothing else is said. */
export const defaults = Object.fromEntries(
  rows.flatMap((row) => (row.default === undefined ? [] : [[row.key, row.default]])),
) as Defaults
