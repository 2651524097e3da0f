/** flannel's network configuration (pkg/subnet/config.go). */
import type { UnderlayReference } from '../../core/fan.js'
import { formatPrefix } from '../../core/ipv4.js'
import { largestMtu, smallestMtu } from '../../core/mtu.js'
import { typeNames, types } from '../../core/types/types.js'
import { largestPort, largestVni } from '../../core/types/vxlan/options.js'
import { defaults, type FanOptions } from '../options/rows.js'
import { readNumber, readOverlay } from '../values.js'
import { type Backend, type Config, configsIn, hasConfigs } from './flannel-configs.js'
import { entryOf, type Imported, type Importer, lengthOf, unknownImport } from './imported.js'
import { isIpv6, lostIpv6 } from './networks.js'

export const flannel: Importer = {
  knows: (source) => hasConfigs(source.documents()),
  read: (source, underlay) => {
    const configs = configsIn(source.documents())
    const [first] = configs
    if (first === undefined) throw unknownImport('it contains neither flannel\'s "Network" nor its ConfigMap')
    const usable = configs.filter(({ Network }) => Network !== undefined && !isIpv6(Network))
    const lost = configs.filter((config) => usable.length > 0 && !usable.includes(config))
    const all = (usable.length > 0 ? usable : [first]).map((config) => importFlannel(config, underlay))
    return {
      fans: all.flatMap(({ fans }) => fans),
      notes: [...all.flatMap(({ notes }) => notes), ...lost.map(lostConfig)],
    }
  },
}

function lostConfig({ Network, IPv6Network }: Config): string {
  return lostIpv6(Network === undefined ? 'IPv6Network' : 'Network', Network ?? IPv6Network ?? '')
}

/** What flannel does without encapsulation or with encryption, and what a fan does instead. */
const otherBackends: Readonly<Record<string, string>> = {
  'host-gw': 'host-gw sends plain packets and needs hosts on one segment; an ipip fan takes 20 bytes for its header',
  udp: 'udp passes every packet through a user-space program; an ipip fan stays in the kernel',
  wireguard: 'wireguard encrypts, but a fan does not: secure the underlay',
  ipsec: 'ipsec encrypts, but a fan does not: secure the underlay',
  alloc: 'alloc only gives addresses out; the fan also carries the packets',
}

function importFlannel(config: Config, given: UnderlayReference | undefined): Imported {
  const network = config.Network
  if (network === undefined) throw unknownImport('flannel\'s "Network" is missing; fans are IPv4 only')
  const overlay = readOverlay('Network', network)
  // flannel's own default (configuration.md): 24, or two bits more than a network that is smaller than /22.
  const subnetLength = readNumber(
    'SubnetLen',
    config.SubnetLen ?? String(overlay.length <= 22 ? 24 : overlay.length + 2),
    overlay.length + 1,
    30,
  )
  const length = overlay.length + 32 - subnetLength
  const underlay = given ?? ({ kind: 'default', length } as const)
  const { options, notes } = importBackend(config.Backend ?? {})
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
          `assuming the /${u} of the default route as the underlay, which gives each host a /${wanted} of ${formatPrefix(overlay)}; if the hosts are in another network, use --underlay`,
        ]
  }
}

function importBackend(backend: Backend): { options: FanOptions; notes: string[] } {
  const { Type: type, VNI: vni, Port: port, MTU: mtu, DirectRouting: direct, ...others } = backend
  const name = type ?? 'vxlan'
  const known = typeNames.find((one) => one === name)
  const encapsulation = known ?? defaults.encapsulation
  const { overhead, options } = types[encapsulation]
  const isVxlan = options.includes('vni')
  const instead = entryOf(otherBackends, name)
  const notes = [
    ...(type === undefined ? ["Backend.Type is missing; using vxlan, flannel's default"] : []),
    ...(instead !== undefined || known ? [] : [`Backend.Type ${name} has no equivalent; using ${encapsulation}`]),
    ...(instead === undefined ? [] : [`Backend.Type ${name}: ${instead}`]),
    ...(isVxlan && vni === undefined
      ? ["Backend.VNI: flannel's default is 1, a fan's the first three octets of the overlay"]
      : []),
    ...(isVxlan
      ? ['vxlan: flannel routes to each host, a fan bridges; hosts of the two kinds cannot reach each other']
      : []),
    ...(direct === 'true'
      ? ['Backend.DirectRouting: not supported: a fan also encapsulates between hosts on one segment']
      : []),
    ...Object.keys(others).map((key) => `Backend.${key}: no equivalent`),
  ]
  const bytes = mtu === undefined ? undefined : readNumber('MTU', mtu, smallestMtu, largestMtu)
  return {
    options: {
      encapsulation,
      ...(isVxlan && vni !== undefined && { vni: readNumber('VNI', vni, 1, largestVni) }),
      ...(isVxlan && port !== undefined && { port: readNumber('Port', port, 1, largestPort) }),
      // flannel's is that of the underlay, a fan's that of its bridge.
      ...(bytes !== undefined && { mtu: bytes - overhead }),
    },
    notes,
  }
}

const whyNot: Readonly<Record<string, string>> = {
  SubnetMin: "each host's slice follows from its address, so none can be left out",
  SubnetMax: "each host's slice follows from its address, so none can be left out",
  EnableIPv6: 'fans are IPv4 only',
  IPv6Network: 'fans are IPv4 only',
  IPv6SubnetLen: 'fans are IPv4 only',
  IPv6SubnetMin: 'fans are IPv4 only',
  IPv6SubnetMax: 'fans are IPv4 only',
}

function notesOf(config: Config): string[] {
  const used = ['Network', 'SubnetLen', 'Backend', 'EnableIPv4', 'EnableNFTables']
  return Object.entries(config)
    .filter(([key, value]) => !used.includes(key) && value !== 'false')
    .map(([key, value]) =>
      typeof value === 'string' && isIpv6(value)
        ? lostIpv6(key, value)
        : `${key}: ${entryOf(whyNot, key) ?? 'no equivalent'}`,
    )
}
