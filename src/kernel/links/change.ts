/** Making, changing and removing links over rtnetlink. */
import type { LinkTraits } from '../../core/change.js'
import { afterCreation, creationMtuOf, linkGroup } from '../../core/creation.js'
import { FanError } from '../../core/errors.js'
import type { Link } from '../../core/state.js'
import { type Attribute, encodeAttributes, mac, text, u32 } from '../attributes.js'
import { messages } from '../constants.js'
import type { Refusals } from '../refusals.js'
import { flags, type Rtnetlink } from '../socket.js'
import { findLink, indexOf, listLinks } from './find.js'
import { creationRefusals, encodeKind } from './kinds.js'
import { altname, header, ifla, info } from './message.js'

/** Who has a UDP port, in words; undefined where that cannot be seen. */
export type HolderOfPort = (port: number) => string | undefined

/**
 * Makes a link, down and marked as ours by its group in the same message. The kernel ignores some traits in that, so
 * there is a second one; if it is refused, what the first made goes again.
 * `ip link add NAME address MAC mtu MTU group GROUP type KIND …`, `ip link set NAME …`.
 * Throws MODULE_MISSING, LINK_CONFLICT, TUNNEL_CONFLICT, KERNEL_TOO_OLD or NetlinkError.
 */
export async function addLink(netlink: Rtnetlink, link: Link): Promise<void> {
  const attributes: Attribute[] = [
    [ifla.ifname, text(link.name)],
    [ifla.mtu, u32(creationMtuOf(link))],
    [ifla.group, u32(linkGroup)],
    ...('mac' in link ? ([[ifla.address, mac(link.mac)]] as const) : []),
    [
      ifla.linkinfo,
      [
        [info.kind, text(link.kind)],
        [info.data, encodeKind(link)],
      ],
    ],
  ]
  const body = Buffer.concat([header(0), encodeAttributes(attributes)])
  const purpose = { op: `ip link add ${link.name} type ${link.kind}`, refusals: creationRefusals(link) }
  await netlink.request(purpose, messages.newLink, flags.create | flags.exclusive, body)
  const index = await ownIndexOf(netlink, link.name)
  try {
    await change(netlink, { op: `ip link set ${link.name}` }, index, afterCreation(link))
  } catch (error) {
    await remove(netlink, link.name, index)
    throw error
  }
}

/** Changes a link in place. `ip link set NAME …`. Throws PORT_TAKEN or NetlinkError. */
export async function setLink(
  netlink: Rtnetlink,
  name: string,
  traits: LinkTraits,
  holderOf: HolderOfPort,
): Promise<void> {
  const refusals = traits.up ? { EADDRINUSE: portTaken(netlink, name, holderOf) } : {}
  const master = traits.bridge ? await indexOf(netlink, traits.bridge) : 0
  await change(netlink, { op: `ip link set ${name}`, refusals }, await indexOf(netlink, name), traits, master)
}

/** Who has the port of a vxlan link: a socket of a process, or another link of the kernel's. */
function portTaken(netlink: Rtnetlink, name: string, holderOf: HolderOfPort): Refusals[string] {
  return async (cause) => {
    const all = await listLinks(netlink)
    const port = all.find((link) => link.name === name)?.port
    if (port === undefined) return undefined
    const rival = all.find((link) => link.port === port && link.name !== name && link.up)
    const holder = (rival ? `the vxlan link ${rival.name}` : holderOf(port)) ?? 'another program'
    return new FanError('PORT_TAKEN', { port, holder }, { cause })
  }
}

/** What a request is for, as `netlink.request` takes it. */
type Purpose = Parameters<Rtnetlink['request']>[0]

/** `master` is the index of the bridge in `traits`. */
async function change(
  netlink: Rtnetlink,
  purpose: Purpose,
  index: number,
  traits: LinkTraits,
  master = 0,
): Promise<void> {
  const attributes: Attribute[] = []
  if (traits.mac !== undefined) attributes.push([ifla.address, mac(traits.mac)])
  if (traits.mtu !== undefined) attributes.push([ifla.mtu, u32(traits.mtu)])
  if (traits.alias !== undefined) attributes.push([ifla.alias, text(traits.alias)])
  if (traits.bridge !== undefined) attributes.push([ifla.master, u32(master)])
  const body = Buffer.concat([header(index, traits.up), encodeAttributes(attributes)])
  await netlink.request(purpose, messages.newLink, 0, body)
}

/**
 * Takes a link down and renames it, also to one of its alternative names. If the name is refused, it is up again.
 * `ip link property del dev NAME altname NEW`, `ip link set NAME down`, `… name NEW`. Throws NetlinkError.
 */
export async function renameLink(netlink: Rtnetlink, name: string, next: string): Promise<void> {
  const { index, up, altnames } = await findLink(netlink, name)
  if (altnames.includes(next)) {
    const property = encodeAttributes([[ifla.properties, [[altname, text(next)]]]])
    const op = `ip link property del dev ${name} altname ${next}`
    await netlink.request({ op }, messages.delLinkProperty, 0, Buffer.concat([header(index), property]))
  }
  if (up) await change(netlink, { op: `ip link set ${name} down` }, index, { up: false })
  try {
    const body = Buffer.concat([header(index), encodeAttributes([[ifla.ifname, text(next)]])])
    await netlink.request({ op: `ip link set ${name} name ${next}` }, messages.newLink, 0, body)
  } catch (error) {
    if (up) await change(netlink, { op: `ip link set ${name} up` }, index, { up })
    throw error
  }
}

/** `ip link del NAME`, if it is ours. Throws LINK_CONFLICT or NetlinkError. */
export async function delLink(netlink: Rtnetlink, name: string): Promise<void> {
  await remove(netlink, name, await ownIndexOf(netlink, name))
}

async function remove(netlink: Rtnetlink, name: string, index: number): Promise<void> {
  await netlink.request({ op: `ip link del ${name}` }, messages.delLink, 0, header(index))
}

/** What was ours when it was seen may have been replaced since. Throws LINK_CONFLICT for what is not ours. */
async function ownIndexOf(netlink: Rtnetlink, name: string): Promise<number> {
  const { index, ours, kind } = await findLink(netlink, name)
  if (!ours) throw new FanError('LINK_CONFLICT', { name, kind: kind ?? 'hardware' })
  return index
}
