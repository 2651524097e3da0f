/** Links by their names, and all of them. */
import { encodeAttributes, text, u32 } from '../attributes.js'
import { messages } from '../constants.js'
import { NetlinkError } from '../refusals.js'
import type { Rtnetlink } from '../socket.js'
import { decodeLink, header, ifla, type ToldLink } from './message.js'

/** A link with the name of the one that it is attached to. */
export type ListedLink = ToldLink & { readonly bridge: string | undefined }

/** All links of the network namespace; from now on others know their names. `ip -d link` */
export async function listLinks(netlink: Rtnetlink): Promise<ListedLink[]> {
  // Bit 3 (RTEXT_FILTER_SKIP_STATS) spares the kernel the counters.
  const body = Buffer.concat([header(0), encodeAttributes([[ifla.extMask, u32(8)]])])
  const links = (await netlink.dump('ip -d link', messages.getLink, body)).map(decodeLink)
  netlink.directory.refresh(links)
  return links.map((link) => ({
    ...link,
    bridge: link.master === undefined ? undefined : netlink.directory.nameOf(link.master),
  }))
}

/**
 * The link with this name. The kernel also finds those that have it as an alternative name: they are other links.
 * Throws NetlinkError: ENODEV for none.
 */
export async function findLink(netlink: Rtnetlink, name: string): Promise<ToldLink> {
  const op = `ip link show ${name}`
  const body = Buffer.concat([header(0), encodeAttributes([[ifla.ifname, text(name)]])])
  const [answer] = await netlink.request({ op }, messages.getLink, 0, body)
  const link = answer && decodeLink(answer)
  if (link?.name !== name) throw new NetlinkError(op, 'ENODEV')
  return link
}

/** The number of a link. Throws NetlinkError: ENODEV for none. */
export async function indexOf(netlink: Rtnetlink, name: string): Promise<number> {
  return (await findLink(netlink, name)).index
}
