/** Reads everything about the network namespace of this process that matters to fans. */
import { existsSync } from 'node:fs'
import type { Observation } from '../app/ports/machine.js'
import { beforeFile } from '../config/before.js'
import { isRecord } from '../config/record.js'
import { notedSysctls } from '../core/desired.js'
import { FanError } from '../core/errors.js'
import type { FoundFilter, FoundLink, FoundRoute } from '../core/found.js'
import { networkOf, samePrefix } from '../core/ipv4.js'
import { linkSysctlKeys } from '../core/link-settings.js'
import type { Address } from '../core/state.js'
import { listAddresses } from '../kernel/addresses.js'
import { need } from '../kernel/attributes.js'
import { listClsact, listFilters } from '../kernel/filters.js'
import { type ListedLink, listLinks } from '../kernel/links/find.js'
import { listPermanent } from '../kernel/neighbours.js'
import { listRoutes } from '../kernel/routes.js'
import type { Rtnetlink } from '../kernel/socket.js'
import { listVnis } from '../kernel/vnis.js'
import type { Dnsmasq } from '../services/dnsmasq.js'
import { listFolder, readOwn } from '../services/files.js'
import { firewallProblem, readFirewall } from '../services/nft.js'
import { readSysctl } from '../services/sysctl.js'

export interface Sources {
  readonly netlink: Rtnetlink
  readonly dnsmasq: Dnsmasq
  /** The runtime folder. */
  readonly folder: string
  /** Only root may look at the firewall. */
  readonly privileged: boolean
}

/** Throws NetlinkError or FILE_UNUSABLE. */
export async function observeLinux({ netlink, dnsmasq, folder, privileged }: Sources): Promise<Observation> {
  const links = await listLinks(netlink)
  const clsacts = await listClsact(netlink)
  const ours = links.filter((link) => link.ours)
  const addresses = await listAddresses(netlink)
  const routes = await listRoutes(netlink)
  const filters: FoundFilter[] = []
  for (const link of ours.filter(({ name }) => clsacts.has(name))) filters.push(...(await listFilters(netlink, link)))
  const running = new Set(ours.filter(({ up }) => up).map(({ name }) => name))
  return {
    links: await Promise.all(links.map((link) => completeLink(netlink, link, clsacts))),
    addresses: addresses.map((one) => (running.has(one.link) && isCut(one, routes) ? { ...one, isCut: true } : one)),
    routes,
    neighbours: await listPermanent(netlink),
    filters,
    sysctls: readSysctls(notedSysctls),
    ipv6: readSysctl('net/ipv6/conf/all/disable_ipv6') !== undefined,
    ...(privileged ? await observeFirewall() : { firewall: undefined, firewallProblem: undefined }),
    dhcpServers: dnsmasq.list(),
    ...readFiles(folder),
    folder,
    hasFolder: existsSync(folder),
  }
}

/** Without the route to its network, which the kernel made with it. */
function isCut({ link, prefix }: Address, routes: readonly FoundRoute[]): boolean {
  return !routes.some((one) => one.isConnected && one.link === link && samePrefix(one.prefix, networkOf(prefix)))
}

/** Adds what takes further messages; of other programs' links that is not needed. */
async function completeLink(
  netlink: Rtnetlink,
  { index, master: _, vni, ...link }: ListedLink,
  clsacts: ReadonlySet<string>,
): Promise<FoundLink> {
  const { name, kind, ours } = link
  const vnisOf = async () => (link.fanMap ? [need(vni, 'IFLA_VXLAN_ID')] : await listVnis(netlink, { name, index }))
  return {
    ...link,
    clsact: clsacts.has(name),
    vnis: ours && kind === 'vxlan' ? await vnisOf() : [],
    sysctls: ours ? readSysctls(linkSysctlKeys(name)) : {},
  }
}

/** A table that is there shows that there can be one. */
async function observeFirewall(): Promise<Pick<Observation, 'firewall' | 'firewallProblem'>> {
  const firewall = await readFirewall()
  return { firewall, firewallProblem: firewall ? undefined : await firewallProblem() }
}

/** One that cannot be read is of no use, and keeps nobody from the others. */
function readFiles(folder: string): Pick<Observation, 'files' | 'unreadable'> {
  const files: Record<string, string> = {}
  const unreadable: Record<string, string> = {}
  for (const name of listFolder(folder, '.json').filter((one) => one === beforeFile || isRecord(one))) {
    try {
      const text = readOwn(`${folder}/${name}`)
      if (text !== undefined) files[name] = text
    } catch (error) {
      if (!(error instanceof FanError)) throw error
      files[name] = ''
      unreadable[name] = reasonOf(error)
    }
  }
  return { files, unreadable }
}

/** Why a file could not be read, without its path, which is told beside it. */
function reasonOf({ details, message }: FanError): string {
  if ('problem' in details) return details.problem
  return 'bytes' in details ? `it has at least ${details.bytes} bytes` : message
}

function readSysctls(keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = readSysctl(key)
      return value === undefined ? [] : [[key, value]]
    }),
  )
}
