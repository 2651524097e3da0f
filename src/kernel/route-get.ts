/** The route that the kernel would take for a packet, over rtnetlink. */
import type { FoundPath } from '../core/found.js'
import { formatAddress, type Ipv4 } from '../core/ipv4.js'
import { type Attribute, decodeAttributes, encodeAttributes, readIpv4, readU32, u8At, u32be } from './attributes.js'
import { families, messages } from './constants.js'
import { NetlinkError } from './refusals.js'
import type { Rtnetlink } from './socket.js'

/** Attributes (include/uapi/linux/rtnetlink.h). */
const rta = { destination: 1, source: 2, oif: 4, gateway: 5, prefsrc: 7, metrics: 8 } as const
const metricMtu = 2

const kinds = ['none', 'unicast', 'local', 'broadcast'] as const

/** What the refusals of a lookup mean (fib_props in net/ipv4/fib_semantics.c). */
const refusals: Readonly<Record<string, string>> = {
  ENETUNREACH: 'no route',
  EHOSTUNREACH: 'an unreachable route',
  EACCES: 'a prohibit route',
  EINVAL: 'a blackhole route',
}

/**
 * The route for one address. `ip route get ADDRESS [from SOURCE]`. A text says why there is none. Throws NetlinkError
 * for what is no answer to that question.
 */
export async function routeTo(netlink: Rtnetlink, address: Ipv4, source?: Ipv4): Promise<FoundPath | string> {
  const attributes: Attribute[] = [[rta.destination, u32be(address)]]
  if (source !== undefined) attributes.push([rta.source, u32be(source)])
  // struct rtmsg: family, lengths of destination and source, and what an answer has.
  const header = Buffer.alloc(12)
  header.set([families.inet, 32, source === undefined ? 0 : 32])
  const purpose = { op: `ip route get ${formatAddress(address)}` }
  try {
    const body = Buffer.concat([header, encodeAttributes(attributes)])
    const [answer] = await netlink.request(purpose, messages.getRoute, 0, body)
    return answer ? decodePath(answer, (index) => netlink.directory.nameOf(index)) : 'no route'
  } catch (error) {
    const reason = error instanceof NetlinkError ? refusals[error.errnoName] : undefined
    if (reason === undefined) throw error
    return reason
  }
}

/** A way that leads nowhere has no link. */
export function decodePath(message: Buffer, nameOf: (index: number) => string): FoundPath {
  const attributes = decodeAttributes(message.subarray(12))
  return {
    kind: kinds[u8At(message, 7)] ?? 'none',
    link: nameOf(readU32(attributes.get(rta.oif)) ?? 0),
    via: readIpv4(attributes.get(rta.gateway)),
    source: readIpv4(attributes.get(rta.prefsrc)),
    mtu: readU32(decodeAttributes(attributes.get(rta.metrics)).get(metricMtu)),
  }
}
