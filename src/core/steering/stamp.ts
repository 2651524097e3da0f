/**
 * What a program that let a packet in writes on it, so that the firewall can tell it from one of a container: where the
 * overlay is bridged, both come from the bridge. A packet's priority is for queues to sort by, survives a bridge, and is
 * set to 0 on the way out of a container (____dev_forward_skb in net/core/dev.c), whatever was in it: a mark would be
 * read by routing rules of others. "fan" in ASCII; the last four bits, which the default queues go by, are those of
 * packets that ask for nothing.
 */
export const stamp = 0x66616e00

/** As nft prints and takes it, like a class of tc: two halves in hexadecimal. */
export const fromTunnelPriority = `${Math.floor(stamp / 2 ** 16).toString(16)}:${(stamp % 2 ** 16).toString(16)}`
