/** How each kind of object is made, changed and removed on this machine. */

import { type Change, type ObjectKind, subjectOf } from '../core/change.js'
import { afterCreation, linkGroup } from '../core/creation.js'
import { FanError } from '../core/errors.js'
import type { Link } from '../core/state.js'
import * as addresses from '../kernel/addresses.js'
import * as filters from '../kernel/filters.js'
import * as links from '../kernel/links.js'
import * as neighbours from '../kernel/neighbours.js'
import { endProcess } from '../kernel/processes.js'
import * as routes from '../kernel/routes.js'
import type { Rtnetlink } from '../kernel/socket.js'
import * as vnis from '../kernel/vnis.js'
import type { Dnsmasq } from '../services/dnsmasq.js'
import { removeFile } from '../services/files.js'
import { writeFirewall } from '../services/nft.js'
import { writeSysctl } from '../services/sysctl.js'
import { writeWhole } from '../services/whole-files.js'

/** What changes are made with. */
export interface Tools {
  readonly netlink: Rtnetlink
  readonly dnsmasq: Dnsmasq
  /** The runtime folder. */
  readonly folder: string
  /** Is called when something in that folder has gone. */
  readonly leaveFolder: () => void
}

type Execute<Kind extends ObjectKind> = (tools: Tools, change: Change<Kind>) => Promise<void>

const table: { readonly [Kind in ObjectKind]: Execute<Kind> } = {
  link: async ({ netlink }, { link = '', after }) => {
    if (after) await addLink(netlink, after)
    else await links.delLink(netlink, await ownIndexOf(netlink, link))
  },
  name: async ({ netlink }, { link = '', before }) =>
    await links.renameLink(netlink, await links.findLink(netlink, before?.name ?? ''), link),
  traits: async ({ netlink }, { link = '', after = {} }) =>
    await links.setLink(
      netlink,
      await links.indexOf(netlink, link),
      after,
      after.bridge ? await links.indexOf(netlink, after.bridge) : 0,
    ),
  vni: async ({ netlink }, change) => {
    const index = await links.indexOf(netlink, change.link ?? '')
    if (change.after === undefined) await vnis.delVni(netlink, index, subjectOf(change))
    else await vnis.addVni(netlink, index, change.after)
  },
  clsact: async ({ netlink }, { link = '', after }) => {
    const index = await links.indexOf(netlink, link)
    await (after ? filters.addClsact(netlink, index) : filters.delClsact(netlink, index))
  },
  filter: async ({ netlink }, change) => {
    const index = await links.indexOf(netlink, change.link ?? '')
    if (change.after) await filters.setFilter(netlink, index, change.after, change.before !== undefined)
    else await filters.delFilter(netlink, index, subjectOf(change))
  },
  address: async ({ netlink }, change) => {
    const index = await links.indexOf(netlink, change.link ?? '')
    const { prefix } = subjectOf(change)
    await (change.after ? addresses.addAddress(netlink, index, prefix) : addresses.delAddress(netlink, index, prefix))
  },
  routes: async ({ netlink }, change) => {
    const index = await links.indexOf(netlink, change.link ?? '')
    if (!change.after) await routes.delRoutes(netlink, index, subjectOf(change))
    else if (change.before) await routes.replaceRoutes(netlink, index, change.after)
    else await routes.addRoutes(netlink, index, change.after)
  },
  neighbours: async ({ netlink }, change) => {
    const index = await links.indexOf(netlink, change.link ?? '')
    if (change.after) await neighbours.addNeighbours(netlink, index, change.after)
    else await neighbours.delNeighbours(netlink, index, subjectOf(change))
  },
  sysctl: async (_, change) => {
    const { key, value } = subjectOf(change)
    writeSysctl(key, value)
  },
  firewall: async (_, { after }) => await writeFirewall(after),
  server: async ({ dnsmasq, leaveFolder }, { link = '', after }) => {
    if (after?.settings) await dnsmasq.start(link, after.settings, endProcess)
    if (after) return
    await dnsmasq.stop(link, endProcess)
    leaveFolder()
  },
  file: async ({ folder, leaveFolder }, change) => {
    const path = `${folder}/${subjectOf(change).name}`
    if (change.after) return writeWhole(path, change.after.text)
    removeFile(path)
    leaveFolder()
  },
}

/** Makes a change. Throws what the kernel or a program has against it. */
export async function execute<Kind extends ObjectKind>(tools: Tools, change: Change<Kind>): Promise<void> {
  await table[change.object as Kind](tools, change)
}

/** Two messages; if the second is refused, what the first made goes again. */
async function addLink(netlink: Rtnetlink, link: Link): Promise<void> {
  await links.addLink(netlink, link)
  const index = await ownIndexOf(netlink, link.name)
  try {
    await links.setLink(netlink, index, afterCreation(link), 0)
  } catch (error) {
    await links.delLink(netlink, index)
    throw error
  }
}

/** What was ours when it was seen may have been replaced since. Throws LINK_CONFLICT for what is not ours. */
async function ownIndexOf(netlink: Rtnetlink, name: string): Promise<number> {
  const { index, group, kind } = await links.findLink(netlink, name)
  if (group !== linkGroup) throw new FanError('LINK_CONFLICT', { name, kind: kind ?? 'hardware' })
  return index
}
