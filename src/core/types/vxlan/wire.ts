/** The UDP packets of vxlan fans. A port is of all fans that use it: what the firewall says of it holds for them all. */
import { dropRule, linksIn, rule } from '../../firewall/rule.js'
import { formatAddress, formatPrefix } from '../../ipv4.js'
import { tunnelName } from '../../names.js'
import type { TypedFan, TypeOptions, Wire } from '../type.js'
import { portOf } from './options.js'

const match = (fan: TypeOptions) => `udp dport ${portOf(fan)}`

export const vxlanWire: Wire = {
  words: (fan) => `UDP port ${portOf(fan)}`,
  packets: "the fan's UDP packets",
  match,
  fromTunnels: (fan, fans) => {
    const tunnels = onPort(fan, fans).map(({ overlay }) => tunnelName(overlay))
    const leaving = `${match(fan)} ip daddr ${formatPrefix(fan.underlay)} iifname != ${linksIn(tunnels)}`
    return [dropRule('after-nat', 'forged', `${leaving} fib saddr type local`)]
  },
  fromHosts: (fan) => {
    const ends = `ip saddr ${formatPrefix(fan.underlay)} ip daddr ${formatAddress(fan.host)}`
    return rule('arrival', `${match(fan)} ${ends} accept`)
  },
  // Over IPv6, too.
  fromElsewhere: (fan) => [dropRule('arrival', 'forged', match(fan))],
  // No tunnel sends to its own host; a process could, to any address of it.
  noneFromHere: (fan) => [dropRule('prerouting', 'forged', `iifname "lo" ${match(fan)}`)],
}

function onPort(fan: TypedFan, fans: readonly TypedFan[]): TypedFan[] {
  return fans.filter((one) => portOf(one) === portOf(fan))
}
