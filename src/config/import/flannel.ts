/**
 * flannel's network configuration (pkg/subnet/config.go): JSON as in etcd or net-conf.json, or the Kubernetes ConfigMap
 * that has it in it.
 */
import type { UnderlayReference } from '../../core/fan.js'
import { formatPrefix } from '../../core/ipv4.js'
import { largestMtu, smallestMtu } from '../../core/mtu.js'
import { typeNames, types } from '../../core/types/types.js'
import { largestPort, largestVni } from '../../core/types/vxlan/options.js'
import { defaults, type FanOptions } from '../options/rows.js'
import { readNumber, readOverlay } from '../values.js'
import { type Imported, lengthOf, unknownImport } from './imported.js'

type Fields = Readonly<Record<string, unknown>>

/** What flannel does without encapsulation or with encryption, and what a fan does instead. */
const otherBackends: Readonly<Record<string, string>> = {
  'host-gw': 'host-gw sends plain packets and needs hosts on one segment; an ipip fan takes 20 bytes for its header',
  udp: 'udp runs every packet through a program; an ipip fan does not leave the kernel',
  wireguard: 'wireguard encrypts, and a fan does not: secure the underlay, or wait for encrypted fans',
  ipsec: 'ipsec encrypts, and a fan does not: secure the underlay, or wait for encrypted fans',
  alloc: 'alloc only gives addresses out; the fan also carries the packets',
}

/** Throws IMPORT_UNKNOWN or what is wrong with a value. */
export function importFlannel(text: string, given: UnderlayReference | undefined): Imported {
  const config = readJson(text)
  const network = config['Network']
  if (typeof network !== 'string') throw unknownImport('flannel\'s "Network" is missing, and a fan is IPv4 only')
  const overlay = readOverlay('Network', network)
  // flannel's own default (configuration.md): 24, or two bits more than a network that is smaller than /22.
  const subnetLength = readNumber(
    'SubnetLen',
    String(config['SubnetLen'] ?? (overlay.length <= 22 ? 24 : overlay.length + 2)),
    overlay.length + 1,
    30,
  )
  const length = overlay.length + 32 - subnetLength
  const underlay = given ?? ({ kind: 'default', length } as const)
  const backend = isFields(config['Backend']) ? config['Backend'] : {}
  const { options, notes } = importBackend(backend)
  return {
    fans: [{ overlay, underlay, options: { ...options, enable: true } }],
    notes: [...lengthNotes(overlay.length, subnetLength, lengthOf(underlay), given), ...notesOf(config), ...notes],
  }

  function lengthNotes(o: number, wanted: number, u: number, said: UnderlayReference | undefined): string[] {
    const own = o + 32 - u
    if (own !== wanted)
      return [
        `SubnetLen: with this underlay each host gets a /${own}, not a /${wanted}; that would take an underlay of /${length}`,
      ]
    return said
      ? []
      : [
          `the underlay is taken to be the /${u} of the default route, in which each host gets a /${wanted} of ${formatPrefix(overlay)}; if the hosts are in another network, say so with --underlay`,
        ]
  }
}

function importBackend(backend: Fields): { options: FanOptions; notes: string[] } {
  const { Type: type, VNI: vni, Port: port, MTU: mtu, DirectRouting: direct, ...others } = backend
  const name = typeof type === 'string' ? type : 'vxlan'
  const known = typeNames.find((type) => type === name)
  const encapsulation = known ?? defaults.encapsulation
  const { overhead, options } = types[encapsulation]
  const isVxlan = options.includes('vni')
  const notes = [
    ...(type === undefined ? ['Backend.Type is missing: taken as vxlan, as flannel documents it'] : []),
    ...(name in otherBackends || known ? [] : [`Backend.Type ${name}: there is no such fan; this is an ipip one`]),
    ...(otherBackends[name] ? [`Backend.Type ${name}: ${otherBackends[name]}`] : []),
    ...(isVxlan && vni === undefined
      ? ["Backend.VNI: flannel's default is 1, a fan's the first three octets of the overlay"]
      : []),
    ...(isVxlan
      ? ['vxlan: flannel routes to each host, a fan bridges; hosts with the one do not reach those with the other']
      : []),
    ...(direct === true ? ['Backend.DirectRouting: a fan encapsulates between hosts of one segment, too'] : []),
    ...Object.keys(others).map((key) => `Backend.${key}: a fan has no such option`),
  ]
  const bytes = mtu === undefined ? undefined : readNumber('MTU', String(mtu), smallestMtu, largestMtu)
  return {
    options: {
      encapsulation,
      ...(isVxlan && vni !== undefined && { vni: readNumber('VNI', String(vni), 1, largestVni) }),
      ...(isVxlan && port !== undefined && { port: readNumber('Port', String(port), 1, largestPort) }),
      // flannel's is that of the underlay, a fan's that of its bridge.
      ...(bytes !== undefined && { mtu: bytes - overhead }),
    },
    notes,
  }
}

const whyNot: Readonly<Record<string, string>> = {
  SubnetMin: 'which slice a host has follows from its address, so none can be left out',
  SubnetMax: 'which slice a host has follows from its address, so none can be left out',
  EnableIPv6: 'a fan is IPv4 only',
  IPv6Network: 'a fan is IPv4 only',
  IPv6SubnetLen: 'a fan is IPv4 only',
  IPv6SubnetMin: 'a fan is IPv4 only',
  IPv6SubnetMax: 'a fan is IPv4 only',
}

function notesOf(config: Fields): string[] {
  const used = ['Network', 'SubnetLen', 'Backend', 'EnableIPv4', 'EnableNFTables']
  return Object.entries(config)
    .filter(([key, value]) => !used.includes(key) && value !== false)
    .map(([key]) => `${key}: ${whyNot[key] ?? 'a fan has no such option'}`)
}

/** The JSON itself, or what is indented below `net-conf.json: |` of a ConfigMap. */
function readJson(text: string): Fields {
  const [, block] = text.match(/net-conf\.json: *\|[-+]?\r?\n((?:[ \t]+.*(?:\r?\n|$)|[ \t]*\r?\n)+)/) ?? []
  const own = block?.slice(0, endOfObject(block)) ?? text
  try {
    const value: unknown = JSON.parse(own)
    if (isFields(value)) return value
  } catch (error) {
    throw unknownImport(`flannel's configuration is not JSON: ${error instanceof Error ? error.message : error}`)
  }
  throw unknownImport("flannel's configuration is not a JSON object")
}

/** Where the last brace of the block is: less indented keys of the ConfigMap may follow. */
function endOfObject(block: string): number {
  const indent = block.match(/^[ \t]*/)?.[0] ?? ''
  const end = block.indexOf(`\n${indent}}`)
  return end < 0 ? block.length : end + indent.length + 2
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
