/** Steps as the lines that a network engineer would type. What has no such line is a comment. */
import { formatAddress, formatPrefix } from './ipv4.js'
import type { DhcpServer, Filter, Link } from './state.js'
import type { LinkChange, Step } from './step.js'

/** The link group that marks links as fanctl's: "fan" in ASCII. The creating message sets it, unlike an alias. */
export const linkGroup = 0x66616e

/** The command lines that do what a step does. */
export function describe(step: Step): string[] {
  switch (step.kind) {
    case 'add-link':
      return addLink(step.link)
    case 'del-link':
      return [`ip link del ${step.link.name}`]
    case 'set-link':
      return [`ip link set ${step.name} ${linkWords(step.to)}`]
    case 'add-vni':
      return [`bridge vni add vni ${step.vni} dev ${step.link}`]
    case 'del-vni':
      return [`bridge vni del vni ${step.vni} dev ${step.link}`]
    case 'add-clsact':
      return [`tc qdisc add dev ${step.link} clsact`]
    case 'del-clsact':
      return [`tc qdisc del dev ${step.link} clsact`]
    case 'add-address':
      return [`ip addr add ${formatPrefix(step.address.prefix)} dev ${step.address.link}`]
    case 'del-address':
      return [`ip addr del ${formatPrefix(step.address.prefix)} dev ${step.address.link}`]
    case 'add-route':
      return [`ip route add ${routeWords(step.route)}`]
    case 'set-route':
      return [`ip route replace ${routeWords(step.to)}`]
    case 'del-route':
      return [`ip route del ${routeWords(step.route)}`]
    case 'add-filter':
      return [loadProgram(step.filter), `tc filter add ${filterWords(step.filter)}`]
    case 'set-filter':
      return [loadProgram(step.to), `tc filter replace ${filterWords(step.to)}`]
    case 'del-filter':
      return [`tc filter del ${filterPlace(step.filter)} bpf`]
    case 'set-sysctl':
      return [`sysctl -w ${step.key.includes('.') ? step.key : step.key.replaceAll('/', '.')}=${step.to}`]
    case 'set-firewall':
      if (!step.to) return ['nft delete table inet fanctl']
      return [
        `nft -f - <<'EOF'`,
        ...(step.from ? ['delete table inet fanctl'] : []),
        ...step.to.text.trimEnd().split('\n'),
        'EOF',
      ]
    case 'start-dhcp':
      return [`# start dnsmasq on ${step.server.bridge}: ${dhcpWords(step.server)}`]
    case 'stop-dhcp':
      return [`# stop dnsmasq on ${step.server.bridge}`]
    case 'set-file':
      return [`# ${step.to === undefined ? 'remove' : 'write'} ${step.name} in the runtime folder`]
    default:
      return step satisfies never
  }
}

function addLink(link: Link): string[] {
  const mac = link.kind === 'ipip' ? '' : `address ${link.mac} `
  const common = (mtu: number) => `ip link add ${link.name} ${mac}mtu ${mtu} group ${linkGroup} type`
  const rest = `ip link set ${link.name} ${linkWords(afterCreation(link))}`
  switch (link.kind) {
    case 'bridge':
      return [`${common(unpinnedMtu(link.mtu))} bridge`, rest]
    case 'vxlan':
      return [`${common(link.mtu)} vxlan dstport ${link.port} nolearning external vnifilter`, rest]
    case 'ipip':
      return [`${common(link.mtu)} ipip external`, rest]
    default:
      return link satisfies never
  }
}

/** What adding a link takes a second message for: the kernel ignores an alias in the first. */
export function afterCreation(link: Link): LinkChange {
  return { ...(link.kind === 'bridge' && { mtu: link.mtu }), alias: link.alias ?? '' }
}

/**
 * The MTU that a bridge is created with. A bridge lowers and raises its MTU with its ports until somebody has changed
 * it (BROPT_MTU_SET_BY_USER), and setting the value that it has is no change. So it is made one byte short.
 */
export function unpinnedMtu(mtu: number): number {
  return mtu - 1
}

function linkWords(change: LinkChange): string {
  const words: string[] = []
  if (change.mac !== undefined) words.push(`address ${change.mac}`)
  if (change.mtu !== undefined) words.push(`mtu ${change.mtu}`)
  if (change.alias !== undefined) words.push(`alias '${change.alias}'`)
  if (change.bridge !== undefined) words.push(change.bridge === '' ? 'nomaster' : `master ${change.bridge}`)
  if (change.up !== undefined) words.push(change.up ? 'up' : 'down')
  return words.join(' ')
}

function routeWords(route: Extract<Step, { kind: 'add-route' | 'del-route' }>['route']): string {
  return `${formatPrefix(route.prefix)} dev ${route.link} proto static src ${formatAddress(route.source)}`
}

function filterPlace(filter: Filter): string {
  const handle = `0x${filter.handle.toString(16)}`
  return `dev ${filter.link} ${filter.direction} pref ${filter.preference} protocol all handle ${handle}`
}

/** tc loads programs from object files; ours are made in memory, so the line names one that bpftool could have pinned. */
function filterWords(filter: Filter): string {
  return `${filterPlace(filter)} bpf direct-action object-pinned /sys/fs/bpf/${filter.name}`
}

function loadProgram(filter: Filter): string {
  return `# load the program ${filter.name}: ${filter.program?.instructions.length ?? 'unknown'} instructions`
}

function dhcpWords({ settings }: DhcpServer): string {
  if (!settings) return 'with the settings it had'
  const { pool, netmask, mtu } = settings
  return `${formatAddress(pool.first)} to ${formatAddress(pool.last)}, netmask ${formatAddress(netmask)}, MTU ${mtu}`
}
