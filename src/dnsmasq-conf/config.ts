/**
 * dnsmasq's configuration for one bridge, both ways. Every value comes from numbers and checked names, so none can
 * hold a newline and become a line of its own.
 */
import { formatAddress, type Ipv4, parseAddress } from '../core/ipv4.js'
import type { DhcpSettings } from '../core/state.js'

/** What dnsmasq needs besides the settings: where its leases are, and the user it drops to. */
export interface DnsmasqPlace {
  readonly leases: string
  readonly user: string
}

/** The domain of containers' names. It is answered here and never asked of others. */
export const domain = 'fan'

const leaseTime = '1h'
/** DHCP option 26 (RFC 2132, section 5.1). Forced: virtual machines and some clients do not ask for it. */
const mtuOption = 26

/** The configuration file. */
export function renderConfig(bridge: string, settings: DhcpSettings, place: DnsmasqPlace): string {
  const { pool } = settings
  const gateway = formatAddress(settings.gateway)
  return [
    `# Made by fanctl for ${bridge}; what is changed here is lost.`,
    `user=${place.user}`,
    'pid-file=',
    // Naming a link implies the loopback link, where the host's own resolver listens.
    `interface=${bridge}`,
    'except-interface=lo',
    'bind-dynamic',
    'strict-order',
    // The host's own name is often 127.0.1.1 in /etc/hosts, which means something else in a container.
    'no-hosts',
    'domain-needed',
    `domain=${domain}`,
    `local=/${domain}/`,
    'dhcp-authoritative',
    'dhcp-no-override',
    // By this name browsers look for somebody who decides about their proxy (CERT VU#598349).
    'dhcp-name-match=set:wpad,wpad',
    'dhcp-ignore-names=tag:wpad',
    // Probing an address delays the answer and the entry in the lease file by three seconds.
    'no-ping',
    // Without a netmask clients would get the bridge's, which other programs change.
    `dhcp-range=${formatAddress(pool.first)},${formatAddress(pool.last)},${formatAddress(settings.netmask)},${leaseTime}`,
    `dhcp-lease-max=${settings.leaseMax}`,
    `dhcp-option=option:router,${gateway}`,
    `dhcp-option=option:dns-server,${gateway}`,
    `dhcp-option-force=${mtuOption},${settings.mtu}`,
    `dhcp-leasefile=${place.leases}`,
    '',
  ].join('\n')
}

/** The settings in a file that `renderConfig` wrote, or undefined for any other text. */
export function parseConfig(text: string): DhcpSettings | undefined {
  const value = (key: string) => text.match(new RegExp(`^${key}=(.*)$`, 'm'))?.[1]
  const [first, last, netmask] = (value('dhcp-range') ?? '').split(',').map(address)
  const gateway = address(value('dhcp-option')?.split(',')[1])
  const mtu = Number(value('dhcp-option-force')?.split(',')[1])
  const leaseMax = Number(value('dhcp-lease-max'))
  if (!gateway || !first || !last || !netmask || !(mtu > 0) || !(leaseMax > 0)) return undefined
  return { gateway, netmask, pool: { first, last }, mtu, leaseMax }
}

function address(text: string | undefined): Ipv4 | undefined {
  const parsed = parseAddress(text ?? '')
  return typeof parsed === 'string' ? undefined : parsed
}
