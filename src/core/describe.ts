/** Steps as the lines that a network engineer would type. What has no such line is a comment. */
import { afterCreation, linkGroup, outerTtl, unpinnedMtu } from './creation.js'
import { formatAddress, formatPrefix } from './ipv4.js'
import { quoted, shellWord } from './shell-word.js'
import type { DhcpServer, Filter, Link, LinkMap, Route } from './state.js'
import type { LinkChange, Step } from './step.js'

/** The command lines that do what a step does. */
export function describe(step: Step): string[] {
  switch (step.kind) {
    case 'add-link':
      return addLink(step.link)
    case 'del-link':
      return [`ip link del ${linkWord(step.link.name)}`]
    case 'set-link':
      return [`ip link set ${linkWord(step.name)} ${linkWords(step.to)}`]
    case 'rename-link':
      return [
        `# ${step.to} is called ${step.from} now`,
        ...(step.isAltname ? [`ip link property del dev ${shellWord(step.from)} altname ${step.to}`] : []),
        `ip link set ${linkWord(step.from)} down`,
        `ip link set ${linkWord(step.from)} name ${shellWord(step.to)}`,
      ]
    case 'add-vni':
      return [`bridge vni add vni ${step.vni} dev ${shellWord(step.link)}`]
    case 'del-vni':
      return [`bridge vni del vni ${step.vni} dev ${shellWord(step.link)}`]
    case 'add-clsact':
      return [`tc qdisc add dev ${shellWord(step.link)} clsact`]
    case 'del-clsact':
      return [`tc qdisc del dev ${shellWord(step.link)} clsact`]
    case 'add-address':
      return [`ip addr add ${formatPrefix(step.address.prefix)} dev ${shellWord(step.address.link)}`]
    case 'del-address':
      return [`ip addr del ${formatPrefix(step.address.prefix)} dev ${shellWord(step.address.link)}`]
    case 'add-routes':
      return step.routes.map((route) => `ip route add ${routeWords(route)}`)
    case 'set-routes':
      return step.to.map((route) => `ip route replace ${routeWords(route)}`)
    case 'del-routes':
      return step.routes.map((route) => `ip route del ${routeWords(route)}`)
    case 'add-neighbours':
      return step.neighbours.map(
        ({ link, address, mac }) =>
          `ip neigh add ${formatAddress(address)} lladdr ${mac} dev ${shellWord(link)} nud permanent`,
      )
    case 'del-neighbours':
      return step.neighbours.map(({ link, address }) => `ip neigh del ${formatAddress(address)} dev ${shellWord(link)}`)
    case 'add-filter':
      return [loadProgram(step.filter), `tc filter add ${filterWords(step.filter)}`]
    case 'set-filter':
      return [loadProgram(step.to), `tc filter replace ${filterWords(step.to)}`]
    case 'del-filter':
      return [`tc filter del ${filterPlace(step.filter)} bpf`]
    case 'set-sysctl':
      return [
        `sysctl -w ${shellWord(`${step.key.includes('.') ? step.key : step.key.replaceAll('/', '.')}=${step.to}`)}`,
      ]
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

/** What `ip link` takes for a link: one that looks like a flag needs a word before it. */
function linkWord(name: string): string {
  return name.startsWith('-') ? `dev ${shellWord(name)}` : shellWord(name)
}

function addLink(link: Link): string[] {
  const mac = link.kind === 'ipip' ? '' : `address ${link.mac} `
  const common = (mtu: number) => `ip link add ${link.name} ${mac}mtu ${mtu} group ${linkGroup} type`
  const rest = `ip link set ${link.name} ${linkWords(afterCreation(link))}`
  switch (link.kind) {
    case 'bridge':
      return [`${common(unpinnedMtu(link.mtu))} bridge`, rest]
    case 'vxlan': {
      const how = link.fanMap ? `id ${link.vnis[0]} ${mapWords(link.fanMap)}` : 'external vnifilter'
      return [`${common(link.mtu)} vxlan dstport ${link.port} nolearning ${how}`, rest]
    }
    case 'ipip':
      return [`${common(link.mtu)} ipip ${link.fanMap ? mapWords(link.fanMap) : 'external'}`, rest]
    default:
      return link satisfies never
  }
}

/** In the words of Ubuntu's iproute2. */
function mapWords({ local, overlay, underlay }: LinkMap): string {
  return `local ${formatAddress(local)} fan-map ${formatPrefix(overlay)}:${formatPrefix(underlay)}`
}

function linkWords(change: LinkChange): string {
  const words: string[] = []
  if (change.mac !== undefined) words.push(`address ${change.mac}`)
  if (change.mtu !== undefined) words.push(`mtu ${change.mtu}`)
  if (change.alias !== undefined) words.push(`alias ${quoted(change.alias)}`)
  if (change.bridge !== undefined) words.push(change.bridge === '' ? 'nomaster' : `master ${shellWord(change.bridge)}`)
  if (change.up !== undefined) words.push(change.up ? 'up' : 'down')
  return words.join(' ')
}

function routeWords({ prefix, link, source, encap, via, isConnected }: Route): string {
  return [
    formatPrefix(prefix),
    ...(encap
      ? [
          `encap ip id ${encap.id} src ${formatAddress(encap.source)} dst ${formatAddress(encap.destination)} ttl ${outerTtl}`,
        ]
      : []),
    ...(via === undefined ? [] : [`via ${formatAddress(via)}`]),
    `dev ${shellWord(link)}`,
    ...(via === undefined ? [] : ['onlink']),
    `proto ${isConnected ? 'kernel scope link' : 'static'} src ${formatAddress(source)}`,
  ].join(' ')
}

function filterPlace(filter: Filter): string {
  const handle = `0x${filter.handle.toString(16)}`
  return `dev ${shellWord(filter.link)} ${filter.direction} pref ${filter.preference} protocol all handle ${handle}`
}

/** tc loads programs from object files; ours are made in memory, so the line names one that bpftool could have pinned. */
function filterWords(filter: Filter): string {
  return `${filterPlace(filter)} bpf direct-action object-pinned /sys/fs/bpf/${shellWord(filter.name)}`
}

function loadProgram(filter: Filter): string {
  return `# load the program ${filter.name}: ${filter.program?.instructions.length ?? 'unknown'} instructions`
}

function dhcpWords({ settings }: DhcpServer): string {
  if (!settings) return 'with the settings it had'
  const { pool, netmask, mtu } = settings
  return `${formatAddress(pool.first)} to ${formatAddress(pool.last)}, netmask ${formatAddress(netmask)}, MTU ${mtu}`
}
