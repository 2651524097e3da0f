/** The dnsmasq of a bridge. */
import { subjectOf } from '../change.js'
import { formatAddress } from '../ipv4.js'
import type { DhcpServer, DhcpSettings } from '../state.js'
import type { ObjectType } from './object.js'

/** dnsmasq reads its configuration once, so any difference is another server. */
function same(a: DhcpServer, b: DhcpServer): boolean {
  return a.bridge === b.bridge && a.running === b.running && sameSettings(a.settings, b.settings)
}

function sameSettings(a: DhcpSettings | undefined, b: DhcpSettings | undefined): boolean {
  return (
    a?.gateway === b?.gateway &&
    a?.netmask === b?.netmask &&
    a?.pool.first === b?.pool.first &&
    a?.pool.last === b?.pool.last &&
    a?.mtu === b?.mtu &&
    a?.leaseMax === b?.leaseMax
  )
}

function wordsOf(settings: DhcpSettings | undefined): string {
  if (!settings) return 'with the settings it had'
  const { pool, netmask, mtu } = settings
  return `${formatAddress(pool.first)} to ${formatAddress(pool.last)}, netmask ${formatAddress(netmask)}, MTU ${mtu}`
}

export const server: ObjectType<'server'> = {
  words: { add: 'start-dhcp', del: 'stop-dhcp' },
  // dnsmasq hears by the number of its bridge, and one that is made again has another.
  obsolete: (actual, desired, { isGoing, isRemade }) => ({
    dhcpServers: actual.dhcpServers.filter(
      (one) => isGoing(one.bridge) || isRemade(one.bridge) || !desired.dhcpServers.some((wanted) => same(wanted, one)),
    ),
  }),
  changes: (wanted, found) =>
    wanted.dhcpServers
      .filter((one) => !found.dhcpServers.some((other) => same(other, one)))
      .map((after) => ({ object: 'server', link: after.bridge, after })),
  describe: (change) => {
    const { bridge, settings } = subjectOf(change)
    return [change.after ? `# start dnsmasq on ${bridge}: ${wordsOf(settings)}` : `# stop dnsmasq on ${bridge}`]
  },
  // Undoing the end of one that did not run would start it.
  isFinal: ({ before }) => before?.running === false,
  repair: {
    kind: 'dhcp',
    followsMtu: true,
    tell: (all) => all.flatMap(({ after }) => (after ? [`started dnsmasq on ${after.bridge} again`] : [])),
  },
}
