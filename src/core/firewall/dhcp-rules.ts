/** DHCP is for the own containers: a server believes whoever asks about any lease. DNS is open to all of the overlay. */
import { type Fan, fanSliceOf } from '../fan.js'
import { gatewayOf } from '../fan-map.js'
import { formatAddress, formatPrefix } from '../ipv4.js'
import { dropRule, type Rule } from './rule.js'

/** UDP, of a server (RFC 2131, section 4.1). */
const serverPort = 67

/** A container without an address yet has 0.0.0.0. */
export function ownContainersOnly(fan: Fan): Rule[] {
  const slice = fanSliceOf(fan)
  const asks = `udp dport ${serverPort}`
  return [
    dropRule('prerouting', 'dhcp', `iifname "${fan.bridge}" ${asks} ip saddr != { ${formatPrefix(slice)}, 0.0.0.0 }`),
    dropRule('prerouting', 'dhcp', `iifname != "${fan.bridge}" ${asks} ip daddr ${formatAddress(gatewayOf(slice))}`),
  ]
}

/** Requests a second, and at once: some 250 containers that start together ask twice each. */
const rate = 20
const burst = 500

/** Each request can be a line in the system's log, and whoever asks may have as many hardware addresses as it likes. */
export function slowly(fan: Fan): Rule[] {
  const limit = `limit rate over ${rate}/second burst ${burst} packets`
  return [dropRule('prerouting', 'excess', `iifname "${fan.bridge}" udp dport ${serverPort} ${limit}`)]
}
