/** A network of LXD in fan mode: `lxc network show NAME`, or its keys as `key=value` or `key: value` lines. */
import type { UnderlayReference } from '../../core/fan.js'
import { defaultBridge } from '../../core/fan.js'
import { largestMtu, smallestMtu } from '../../core/mtu.js'
import { typeNames } from '../../core/types/types.js'
import { readChoice, readNumber, readOverlay, readUnderlay } from '../values.js'
import { type Imported, unknownImport } from './imported.js'

/** LXD's own where there is none (doc/metadata.txt). */
const defaultOverlay = '240.0.0.0/8'

const whyNot: Readonly<Record<string, string>> = {
  'ipv4.dhcp.expiry': 'leases of a fan are given for the time that dnsmasq takes by itself',
  'ipv4.firewall': 'the rules of a fan are few, and its own',
  'ipv4.nat.order': 'the rules of a fan are in a table of its own, whose order does not matter',
  'bridge.hwaddr': 'the hardware address of a fan bridge follows from the address of the host',
  'bridge.external_interfaces': 'attach them to the bridge by hand: ip link set NAME master BRIDGE',
  'bridge.driver': "a fan's bridge is one of the kernel",
}

/** Throws IMPORT_UNKNOWN or what is wrong with a value. */
export function importLxd(text: string, given: UnderlayReference | undefined): Imported {
  const keys = readKeys(text)
  const mode = keys.get('bridge.mode')
  const hasFanKeys = [...keys.keys()].some((key) => key.startsWith('fan.'))
  if (mode === 'standard' || !(mode === 'fan' || hasFanKeys))
    throw unknownImport(`this network of LXD has bridge.mode ${mode ?? 'standard'}, not fan`)
  const overlay = readOverlay('fan.overlay_subnet', keys.get('fan.overlay_subnet') || defaultOverlay)
  const said = keys.get('fan.underlay_subnet') || 'auto'
  const isAuto = said === 'auto'
  const underlay =
    given ?? (isAuto ? ({ kind: 'default', length: 16 } as const) : readUnderlay('fan.underlay_subnet', said))
  const encapsulation = readChoice('fan.type', keys.get('fan.type') || 'vxlan', typeNames)
  const mtu = keys.get('bridge.mtu')
  const nat = keys.get('ipv4.nat')
  const name = keys.get('name')
  return {
    fans: [
      {
        overlay,
        underlay,
        options: {
          encapsulation,
          dhcp: keys.get('ipv4.dhcp') !== 'false',
          ...(nat === 'false' && { nat: false }),
          ...(mtu && { mtu: readNumber('bridge.mtu', mtu, smallestMtu, largestMtu) }),
          enable: true,
        },
      },
    ],
    notes: [
      ...(isAuto && !given
        ? ['fan.underlay_subnet auto: taken as the /16 of the default route; if it has another length, use --underlay']
        : []),
      ...(keys.get('fan.overlay_subnet') ? [] : [`fan.overlay_subnet is LXD's default, ${defaultOverlay}`]),
      `the bridge is ${defaultBridge(overlay)}, which LXD does not manage: take ${name || "LXD's network"} away from the instances, then: lxc profile device add default eth0 nic nictype=bridged parent=${defaultBridge(overlay)} name=eth0`,
      ...[...keys.keys()].filter(isLost).map((key) => `${key}: ${whyNot[key] ?? whyNotGroup(key)}`),
    ],
  }
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

function whyNotGroup(key: string): string {
  if (key.startsWith('ipv6.')) return 'a fan is IPv4 only'
  if (key.startsWith('dns.') || key === 'raw.dnsmasq') return "the fan's dnsmasq has a configuration of its own"
  return 'a fan has no such option'
}

/** `key: value` and `key=value` lines, indented or not, in quotes or not. Lists and nested values are passed over. */
function readKeys(text: string): Map<string, string> {
  const keys = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [, key, value = ''] = line.match(/^\s*([\w.-]+)\s*(?:=|:(?=\s|$))\s*(.*?)\s*$/) ?? []
    if (key !== undefined) keys.set(key, value.replace(/\s+#.*$/, '').replace(/^(["'])(.*)\1$/, '$2'))
  }
  return keys
}
