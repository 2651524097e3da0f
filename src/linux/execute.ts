/** How each kind of object is made, changed and removed on this machine. */
import { type Change, type ObjectKind, subjectOf, verbOf } from '../core/change.js'
import { describe } from '../core/objects/objects.js'
import { addAddress, delAddress } from '../kernel/addresses.js'
import * as filters from '../kernel/filters.js'
import * as links from '../kernel/links/change.js'
import { explain } from '../kernel/meanings.js'
import { addNeighbours, delNeighbours } from '../kernel/neighbours.js'
import { endProcess } from '../kernel/processes.js'
import * as routes from '../kernel/routes.js'
import type { Rtnetlink } from '../kernel/socket.js'
import { addVni, delVni } from '../kernel/vnis.js'
import type { Dnsmasq } from '../services/dnsmasq.js'
import { removeFile } from '../services/files.js'
import { writeFirewall } from '../services/nft.js'
import { holderOf, socketsOn } from '../services/processes.js'
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
  file: async ({ folder, leaveFolder }, change) => {
    const path = `${folder}/${subjectOf(change).name}`
    if (change.after) return writeWhole(path, change.after.text)
    removeFile(path)
    leaveFolder()
  },
  firewall: async (_, { after }) => await writeFirewall(after),
  sysctl: async (_, change) => {
    const { key, value } = subjectOf(change)
    writeSysctl(key, value)
  },
  link: async ({ netlink }, { link = '', after }) =>
    await (after ? links.addLink(netlink, after) : links.delLink(netlink, link)),
  name: async ({ netlink }, { link = '', before }) => await links.renameLink(netlink, before?.name ?? '', link),
  traits: async ({ netlink }, { link = '', after = {} }) => await links.setLink(netlink, link, after, holderOfPort),
  vni: async ({ netlink }, change) => {
    const { link = '', after } = change
    await (after === undefined ? delVni(netlink, link, subjectOf(change)) : addVni(netlink, link, after))
  },
  clsact: async ({ netlink }, { link = '', after }) =>
    await (after ? filters.addClsact(netlink, link) : filters.delClsact(netlink, link)),
  filter: async ({ netlink }, change) => {
    const { before, after } = change
    await (after
      ? filters.setFilter(netlink, after, before !== undefined)
      : filters.delFilter(netlink, subjectOf(change)))
  },
  address: async ({ netlink }, change) =>
    await (change.after ? addAddress(netlink, change.after) : delAddress(netlink, subjectOf(change))),
  neighbours: async ({ netlink }, change) => {
    const { link = '', after } = change
    await (after ? addNeighbours(netlink, link, after) : delNeighbours(netlink, link, subjectOf(change)))
  },
  routes: async ({ netlink }, change) => {
    const { link = '' } = change
    const execute = { add: routes.addRoutes, set: routes.replaceRoutes, del: routes.delRoutes }[verbOf(change)]
    await execute(netlink, link, subjectOf(change))
  },
  server: async ({ dnsmasq, leaveFolder }, { link = '', after }) => {
    if (after?.settings) await dnsmasq.start(link, after.settings, endProcess)
    if (after) return
    await dnsmasq.stop(link, endProcess)
    leaveFolder()
  },
}

const holderOfPort = (port: number) => holderOf(socketsOn(port))

/** Makes a change. Throws FanError. */
export async function execute<Kind extends ObjectKind>(tools: Tools, change: Change<Kind>): Promise<void> {
  try {
    const work: Execute<Kind> = table[change.object]
    await work(tools, change)
  } catch (error) {
    throw explain(error, describe(change))
  }
}
