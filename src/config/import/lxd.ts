/** Networks of LXD in fan mode. */
import type { UnderlayReference } from '../../core/fan.js'
import { defaultBridge } from '../../core/fan.js'
import type { Prefix } from '../../core/ipv4.js'
import { largestMtu, smallestMtu } from '../../core/mtu.js'
import { typeNames } from '../../core/types/types.js'
import { readChoice, readNumber, readOverlay, readUnderlay } from '../values.js'
import { entryOf, type Imported, type ImportedFan, type Importer, unknownImport } from './imported.js'
import { hasNetworks, type Network, networksIn } from './lxd-networks.js'
import { isIpv6, lostIpv6 } from './networks.js'

export const lxd: Importer = {
  knows: hasNetworks,
  read: (source, underlay) => importLxd(networksIn(source), underlay),
}

/** LXD's own where there is none (doc/metadata.txt). */
const defaultOverlay = '240.0.0.0/8'

const whyNot: Readonly<Record<string, string>> = {
  'ipv4.dhcp.expiry': "leases last for dnsmasq's default time",
  'ipv4.firewall': 'a fan always has its own firewall rules',
  'ipv4.nat.order': "a fan's rules are in their own table, so their order does not matter",
  'bridge.hwaddr': "the bridge's hardware address follows from the host's address",
  'bridge.external_interfaces': 'attach them to the bridge by hand: ip link set NAME master BRIDGE',
  'bridge.driver': 'a fan always uses a kernel bridge',
}

/** Throws IMPORT_UNKNOWN or what is wrong with a value. */
function importLxd(networks: readonly Network[], given: UnderlayReference | undefined): Imported {
  const [first] = networks
  if (first === undefined) throw unknownImport('it contains no bridge of LXD')
  const usable = networks.filter((one) => problemOf(one) === undefined)
  if (usable.length === 0) throw unknownImport(`this network of LXD ${problemOf(first)}`)
  return {
    fans: usable.map(({ keys }) => fanOf(keys, given)),
    notes: networks.flatMap((one) => {
      const problem = problemOf(one)
      return problem === undefined ? notesOf(one, given) : [`the network ${one.name ?? 'without a name'} ${problem}`]
    }),
  }
}

/** Why a network is no fan that could be imported. */
function problemOf({ keys }: Network): string | undefined {
  const mode = keys.get('bridge.mode')
  const hasFanKeys = [...keys.keys()].some((key) => key.startsWith('fan.'))
  if (mode === 'standard' || !(mode === 'fan' || hasFanKeys)) return `has bridge.mode ${mode ?? 'standard'}, not fan`
  const ipv6 = ['fan.overlay_subnet', 'fan.underlay_subnet'].find((key) => isIpv6(keys.get(key) ?? ''))
  return ipv6 && `has ${lostIpv6(ipv6, keys.get(ipv6) ?? '')}`
}

function overlayOf(keys: Network['keys']): Prefix {
  return readOverlay('fan.overlay_subnet', keys.get('fan.overlay_subnet') || defaultOverlay)
}

function isAuto(keys: Network['keys']): boolean {
  return (keys.get('fan.underlay_subnet') || 'auto') === 'auto'
}

function fanOf(keys: Network['keys'], given: UnderlayReference | undefined): ImportedFan {
  const underlay = isAuto(keys)
    ? ({ kind: 'default', length: 16 } as const)
    : readUnderlay('fan.underlay_subnet', keys.get('fan.underlay_subnet') ?? '')
  const mtu = keys.get('bridge.mtu')
  return {
    overlay: overlayOf(keys),
    underlay: given ?? underlay,
    options: {
      encapsulation: readChoice('fan.type', keys.get('fan.type') || 'vxlan', typeNames),
      dhcp: keys.get('ipv4.dhcp') !== 'false',
      ...(keys.get('ipv4.nat') === 'false' && { nat: false }),
      ...(mtu && { mtu: readNumber('bridge.mtu', mtu, smallestMtu, largestMtu) }),
      enable: true,
    },
  }
}

function notesOf({ name, keys }: Network, given: UnderlayReference | undefined): string[] {
  const bridge = defaultBridge(overlayOf(keys))
  return [
    ...(isAuto(keys) && !given
      ? ['fan.underlay_subnet auto: assuming the /16 of the default route; for another length, use --underlay']
      : []),
    ...(keys.get('fan.overlay_subnet') ? [] : [`fan.overlay_subnet is LXD's default, ${defaultOverlay}`]),
    `the bridge is ${bridge}, which LXD does not manage: take ${name || "LXD's network"} away from the instances, then: lxc profile device add default eth0 nic nictype=bridged parent=${bridge} name=eth0`,
    ...[...keys].filter(([key]) => isLost(key)).map(([key, value]) => lossOf(key, value)),
  ]
}

const used = [
  'bridge.mode',
  'bridge.mtu',
  'ipv4.nat',
  'ipv4.dhcp',
  'fan.overlay_subnet',
  'fan.underlay_subnet',
  'fan.type',
]

/** Keys of the network's configuration besides those that are read; LXD's own marks and a person's are no settings. */
function isLost(key: string): boolean {
  return key.includes('.') && !used.includes(key) && !/^(?:volatile|user)\./.test(key)
}

function lossOf(key: string, value: string): string {
  if (key.startsWith('ipv6.') || isIpv6(value)) return lostIpv6(key, value)
  const isDns = key.startsWith('dns.') || key === 'raw.dnsmasq'
  const group = isDns ? "the fan's dnsmasq has a configuration of its own" : 'no equivalent'
  return `${key}: ${entryOf(whyNot, key) ?? group}`
}
