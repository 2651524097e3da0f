/** Reads everything about the network namespace of this process that matters to fans. */
import { existsSync } from 'node:fs'
import type { FoundFilter, FoundLink, Observation } from '../app/ports/machine.js'
import { beforeFile } from '../config/before.js'
import { isRecord } from '../config/record.js'
import { linkGroup } from '../core/creation.js'
import { notedSysctls } from '../core/desired.js'
import { FanError } from '../core/errors.js'
import { networkOf, type Prefix, samePrefix } from '../core/ipv4.js'
import { linkSysctlKeys } from '../core/link-settings.js'
import * as addresses from '../kernel/addresses.js'
import * as filters from '../kernel/filters.js'
import * as links from '../kernel/links.js'
import * as neighbours from '../kernel/neighbours.js'
import * as routes from '../kernel/routes.js'
import type { Rtnetlink } from '../kernel/socket.js'
import * as vnis from '../kernel/vnis.js'
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
  const found = await links.listLinks(netlink)
  const names = new Map(found.map(({ index, name }) => [index, name]))
  const nameOf = (index: number) => names.get(index) ?? ''
  const clsacts = await filters.listClsact(netlink)
  const tunnels = found.filter((link) => link.group === linkGroup && clsacts.has(link.index))
  const allRoutes = await routes.listRoutes(netlink)
  const isRouted = (index: number, prefix: Prefix) =>
    allRoutes.some((route) => route.isConnected && route.index === index && samePrefix(route.prefix, networkOf(prefix)))
  const isCut = (index: number, prefix: Prefix) =>
    found.some((link) => link.index === index && link.group === linkGroup && link.up) && !isRouted(index, prefix)
  const foundFilters: FoundFilter[] = []
  for (const { index, name } of tunnels) foundFilters.push(...(await filters.listFilters(netlink, index, name)))
  return {
    links: await Promise.all(found.map((link) => completeLink(netlink, link, nameOf(link.master), clsacts))),
    addresses: (await addresses.listAddresses(netlink)).map(({ index, prefix }) => ({
      link: nameOf(index),
      prefix,
      ...(isCut(index, prefix) && { isCut: true }),
    })),
    routes: allRoutes.map(({ index, isConnected: _, ...rest }) => ({ link: nameOf(index), ...rest })),
    neighbours: (await neighbours.listPermanent(netlink)).map(({ index, ...rest }) => ({
      link: nameOf(index),
      ...rest,
    })),
    filters: foundFilters,
    sysctls: readSysctls(notedSysctls),
    ipv6: readSysctl('net/ipv6/conf/all/disable_ipv6') !== undefined,
    ...(privileged ? await observeFirewall() : { firewall: undefined, firewallProblem: undefined }),
    dhcpServers: dnsmasq.list(),
    ...readFiles(folder),
    folder,
    hasFolder: existsSync(folder),
  }
}

/** Adds what takes further messages; of other programs' links that is not needed. */
async function completeLink(
  netlink: Rtnetlink,
  { index, group, vni, ...link }: links.FoundLink,
  master: string,
  clsacts: ReadonlySet<number>,
): Promise<FoundLink> {
  const ours = group === linkGroup
  const vnisOf = async () => (link.fanMap ? [vni ?? 0] : await vnis.listVnis(netlink, index))
  return {
    ...link,
    ours,
    master,
    clsact: clsacts.has(index),
    vnis: ours && link.kind === 'vxlan' ? await vnisOf() : [],
    sysctls: ours ? readSysctls(linkSysctlKeys(link.name)) : {},
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
