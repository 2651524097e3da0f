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
    if (first === undefined) throw unknownImport('there is neither flannel\'s "Network" nor its ConfigMap in it')
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
  udp: 'udp runs every packet through a program; an ipip fan does not leave the kernel',
  wireguard: 'wireguard encrypts, and a fan does not: secure the underlay, or wait for encrypted fans',
  ipsec: 'ipsec encrypts, and a fan does not: secure the underlay, or wait for encrypted fans',
  alloc: 'alloc only gives addresses out; the fan also carries the packets',
}

function importFlannel(config: Config, given: UnderlayReference | undefined): Imported {
  const network = config.Network
  if (network === undefined) throw unknownImport('flannel\'s "Network" is missing, and a fan is IPv4 only')
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
          `the underlay is taken to be the /${u} of the default route, in which each host gets a /${wanted} of ${formatPrefix(overlay)}; if the hosts are in another network, say so with --underlay`,
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
    ...(type === undefined ? ['Backend.Type is missing: taken as vxlan, as flannel documents it'] : []),
    ...(instead !== undefined || known ? [] : [`Backend.Type ${name}: there is no such fan; this is an ipip one`]),
    ...(instead === undefined ? [] : [`Backend.Type ${name}: ${instead}`]),
    ...(isVxlan && vni === undefined
      ? ["Backend.VNI: flannel's default is 1, a fan's the first three octets of the overlay"]
      : []),
    ...(isVxlan
      ? ['vxlan: flannel routes to each host, a fan bridges; hosts with the one do not reach those with the other']
      : []),
    ...(direct === 'true' ? ['Backend.DirectRouting: a fan encapsulates between hosts of one segment, too'] : []),
    ...Object.keys(others).map((key) => `Backend.${key}: a fan has no such option`),
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
  SubnetMin: 'which slice a host has follows from its address, so none can be left out',
  SubnetMax: 'which slice a host has follows from its address, so none can be left out',
  EnableIPv6: 'a fan is IPv4 only',
  IPv6Network: 'a fan is IPv4 only',
  IPv6SubnetLen: 'a fan is IPv4 only',
  IPv6SubnetMin: 'a fan is IPv4 only',
  IPv6SubnetMax: 'a fan is IPv4 only',
}

function notesOf(config: Config): string[] {
  const used = ['Network', 'SubnetLen', 'Backend', 'EnableIPv4', 'EnableNFTables']
  return Object.entries(config)
    .filter(([key, value]) => !used.includes(key) && value !== 'false')
    .map(([key, value]) =>
      typeof value === 'string' && isIpv6(value)
        ? lostIpv6(key, value)
        : `${key}: ${entryOf(whyNot, key) ?? 'a fan has no such option'}`,
    )
}
