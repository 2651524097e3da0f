/** The UDP packets of vxlan fans. A port is of all fans that use it: what the firewall says of it holds for them all. */
import { dropRule, linksIn } from '../../firewall/rule.js'
import { formatAddress, formatPrefix } from '../../ipv4.js'
import { tunnelName } from '../../names.js'
import type { TypedFan, TypeOptions, Wire } from '../type.js'
import { portOf } from './options.js'

const match = (fan: TypeOptions) => `udp dport ${portOf(fan)}`

export const vxlanWire: Wire = {
  words: (fan) => `UDP port ${portOf(fan)}`,
  packets: 'its UDP packets',
  match,
  fromTunnels: (fan, fans) => {
    const tunnels = onPort(fan, fans).map(({ overlay }) => tunnelName(overlay))
    const leaving = `${match(fan)} ip daddr ${formatPrefix(fan.underlay)} iifname != ${linksIn(tunnels)}`
    return [dropRule('after-nat', 'forged', `${leaving} fib saddr type local`)]
  },
  betweenHosts: (fan, fans) => {
    const sharing = onPort(fan, fans)
    // Not a set: networks of two fans may overlap.
    const elsewhere = [...new Set(sharing.map((one) => `ip saddr != ${formatPrefix(one.underlay)}`))].join(' ')
    const hosts = [...new Set(sharing.map((one) => formatAddress(one.host)))].join(', ')
    return [
      `${match(fan)} ip daddr != { ${hosts} }`,
      `${match(fan)} ${elsewhere}`,
      `meta nfproto ipv6 ${match(fan)}`,
    ].map((text) => dropRule('arrival', 'forged', text))
  },
  // No tunnel sends to its own host; a process could, to any address of it.
  noneFromHere: (fan) => [dropRule('prerouting', 'forged', `iifname "lo" ${match(fan)}`)],
}

function onPort(fan: TypedFan, fans: readonly TypedFan[]): TypedFan[] {
  return fans.filter((one) => portOf(one) === portOf(fan))
}
